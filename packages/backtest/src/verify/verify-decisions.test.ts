import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { BUILT_IN_STRATEGIES } from '@tapedeck/core'
import { NO_COSTS } from '../bars/bars.fixture.ts'
import { generatedBars } from '../bars/generated-bars.ts'
import { runBarBacktest } from '../bars/run-bar-backtest.ts'
import { verifyDecisions } from './verify-decisions.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-decisions-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'decisions.ndjson')

const lines: string[] = []
beforeAll(async () => {
  await runBarBacktest({
    bars: generatedBars({ seed: 3, symbols: 2, bars: 200, timeframe: '1d', from: 0 }),
    strategy: BUILT_IN_STRATEGIES.find(({ name }) => name === 'turtle')!,
    params: { n_period: 5, s1_entry: 8, s2_entry: 15, s1_exit: 4, s2_exit: 8 },
    costs: NO_COSTS,
    startingBalance: 10_000_000,
    onEvent: (event) => lines.push(JSON.stringify(event)),
  })
})

const verify = async (all: readonly string[]) => {
  writeFileSync(file, `${all.join('\n')}\n`)
  return await verifyDecisions(file)
}

describe('decisions that hold their own inputs', () => {
  it('are recomputed from the text of the file, every one equal', async () => {
    const report = await verify(lines)
    expect(report).toMatchObject({ verdict: 'equal', decisions: lines.length, unreadable: [] })
    expect(report.types['entry_filled']?.equal).toBeGreaterThan(0)
  })

  it('one changed number is found on its line, with both sides', async () => {
    const at = lines.findIndex((line) => line.includes('"sizing":{'))
    const event = JSON.parse(lines[at]!) as { context: { sizing: Record<string, number> } }
    const [field] = Object.entries(event.context.sizing).find(([, one]) => typeof one === 'number')!
    event.context.sizing[field]! += 1
    const report = await verify(lines.with(at, JSON.stringify(event)))
    expect(report).toMatchObject({ verdict: 'different', differences_total: 1 })
    expect(report.differences[0]).toMatchObject({ line: at + 1, fields: expect.any(Array) })
    expect(report.differences[0]!.fields[0]).toMatchObject({
      field: expect.stringMatching(/^sizing/),
    })
  })

  it.each([
    ['no JSON', '{'],
    ['expected event_type', '{"type":"risk.signal.approved"}'],
    ['is not in the list of outcomes', '{"event_type":"a","outcome":"maybe","context":{}}'],
    ['occurred_at', '{"event_type":"a","outcome":"hold","context":{}}'],
    [
      'cannot be computed with',
      '{"event_type":"a","outcome":"hold","occurred_at":1,"context":{"filters":{}}}',
    ],
  ])('a line that is none is told: %s', async (what, line) => {
    const report = await verify([line, ...lines.slice(0, 3)])
    expect(report).toMatchObject({ verdict: 'damaged', decisions: 3, unreadable_total: 1 })
    expect(report.unreadable[0]).toEqual({ line: 1, what: expect.stringContaining(what) })
  })

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
    ['no gzip', () => Buffer.from('{"event_type":"a"}')],
  ])('a file that is %s is said to be damaged', async (_, damage) => {
    const packed = join(folder, 'decisions.ndjson.gz')
    writeFileSync(packed, damage(gzipSync(lines.join('\n'))))
    await expect(verifyDecisions(packed)).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringMatching(/^decisions\.ndjson\.gz line \d+: .+, expected decisions/),
    })
  })

  it('a folder is refused by the name of a file, packed or not', async () => {
    for (const name of ['folder', 'folder.gz']) {
      mkdirSync(join(folder, name))
      await expect(verifyDecisions(join(folder, name))).rejects.toMatchObject({ code: 'EISDIR' })
    }
  })

  it('does not repeat what a terminal would obey', async () => {
    const { unreadable } = await verify(['\u001B[2J{', ...lines.slice(0, 1)])
    expect(unreadable[0]!.what).toMatch(/^no JSON: [^\p{Cc}]+$/u)
  })
})
