import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { EXIT } from '../exit-codes.ts'
import { runCli } from '../run-cli.ts'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-cli-tape-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

const run = async (...argv: string[]) => {
  const terminal = memoryTerminal()
  const code = await runCli(['tape', ...argv], terminal)
  return { code, out: terminal.stdout(), err: terminal.stderr() }
}

const DAY = Date.UTC(2026, 0, 5)
const rows = Array.from({ length: 5000 }, (_, i) => {
  const id = i < 3000 ? i + 1 : i + 11
  return `${id},60000.${i % 10},0.010,${id},${id},${DAY + i * 10},${i % 2 === 0}`
})
const USDM = ['--symbol', 'BTCUSDT', '--venue', 'binance-usdm']

beforeAll(() => {
  writeFileSync(at('day.csv'), `${rows.join('\n')}\n`)
  const packed = gzipSync(rows.join('\n'))
  writeFileSync(at('cut.csv.gz'), packed.subarray(0, packed.length - 2000))
})

describe('tape', () => {
  it('converts an archive day; info and check tell of it, to people and to programs', async () => {
    const converted = await run('convert', at('day.csv'), ...USDM, '--output', at('day'), '--json')
    expect(converted.code).toBe(EXIT.OK)
    const document = JSON.parse(converted.out) as { fingerprint: string }
    expect(document).toMatchObject({
      rows: 5000,
      source: { format: 'aggTrades', files: [{ name: 'day.csv' }] },
      lanes: [{ symbol: 'BTCUSDT', kind: 'trades', rows: 5000, missing: 10, gaps: 1, files: 1 }],
    })
    const info = await run('info', at('day'))
    expect(info.code).toBe(EXIT.OK)
    for (const text of [
      document.fingerprint,
      'aggTrades: day.csv',
      'NO_BOOK  BTCUSDT',
      'GAPS  BTCUSDT',
    ])
      expect(info.out).toContain(text)
    const check = await run('check', at('day'), '--json')
    expect(check.code).toBe(EXIT.OK)
    expect(JSON.parse(check.out)).toMatchObject({ rows: 5000, problems: [] })
  })

  it('check says which bytes of which batch are damaged and ends with 3', async () => {
    const file = at('day/BTCUSDT/trades-2026-01-05.arrow')
    const bytes = readFileSync(file)
    bytes[5000]! ^= 1
    writeFileSync(file, bytes)
    const { code, out, err } = await run('check', at('day'))
    expect(code).toBe(EXIT.CHECK_FAILED)
    expect(out).toMatch(/^BTCUSDT\/trades-2026-01-05\.arrow batch 0 bytes \d+-\d+: was changed/)
    expect(err).toContain('1 problem. Convert the source again.')
  })

  it.each<[string, string[], number, string]>([
    [
      'an output that exists',
      ['convert', 'day.csv', ...USDM, '--output', 'day'],
      EXIT.CONFLICT,
      'exists, expected a new folder',
    ],
    [
      'an output below a file',
      ['convert', 'day.csv', ...USDM, '--output', 'day.csv/x'],
      EXIT.USAGE,
      'cannot be made',
    ],
    [
      'a damaged source',
      ['convert', 'cut.csv.gz', ...USDM, '--output', 'x'],
      EXIT.CHECK_FAILED,
      '--keep-partial makes a tape of the',
    ],
    [
      'a source that is not there',
      ['convert', 'none.csv', '--output', 'x'],
      EXIT.NOT_FOUND,
      'there is no file',
    ],
    [
      'a folder without a run',
      ['convert', '.', '--output', 'x'],
      EXIT.NOT_FOUND,
      'holds no archived run',
    ],
    [
      'files and a folder',
      ['convert', 'day.csv', '.', '--output', 'x'],
      EXIT.NOT_FOUND,
      'or one folder alone',
    ],
    [
      'a symbol that is not configured',
      ['convert', 'day.csv', '--symbol', 'X', '--output', 'x'],
      EXIT.NOT_FOUND,
      'X is not configured',
    ],
    ['no tape to tell of', ['info', 'none'], EXIT.NOT_FOUND, 'there is no folder'],
    [
      'a file instead of a tape',
      ['info', 'day.csv'],
      EXIT.CHECK_FAILED,
      'expected the folder of a tape',
    ],
    ['no tape to check', ['check', 'none'], EXIT.NOT_FOUND, 'there is no folder'],
  ])('%s', async (_name, argv, code, says) => {
    const paths = new Set([
      'day.csv',
      'cut.csv.gz',
      'none.csv',
      '.',
      'day',
      'x',
      'none',
      'day.csv/x',
    ])
    const result = await run(...argv.map((word) => (paths.has(word) ? at(word) : word)))
    expect(result).toMatchObject({ code, out: '' })
    expect(result.err).toContain(says)
  })

  it('keeps what comes before damage when asked to, and ends with 3 all the same', async () => {
    const { code, err } = await run(
      'convert',
      at('cut.csv.gz'),
      ...USDM,
      '--output',
      at('part'),
      '--keep-partial',
    )
    expect(code).toBe(EXIT.CHECK_FAILED)
    expect(err).toContain('What comes before was kept.')
    expect((await run('info', at('part'))).out).toContain('PARTIAL')
  })

  it('no line of help is wider than 80 columns', async () => {
    for (const command of [[], ['convert'], ['info'], ['check']]) {
      const { out } = await run(...command, '--help')
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    }
  })
})
