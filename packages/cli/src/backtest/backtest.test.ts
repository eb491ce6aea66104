import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { BacktestResult } from '@tapedeck/backtest'
import { instrumentsOf } from '@tapedeck/contracts'
import { recordingFingerprint, recordingKey, recordingRunId } from '@tapedeck/recordings'
import { loadTradingConfig } from '@tapedeck/runtime'
import { EXIT } from '../exit-codes.ts'
import { runCli } from '../run-cli.ts'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'

const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const SHIPPED = inRepository('data/recordings/btcusdt-usdm-20260105.ws.gz')

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-backtest-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = async (...argv: string[]) => {
  const terminal = memoryTerminal()
  const code = await runCli(['backtest', ...argv], terminal)
  return { code, out: terminal.stdout(), err: terminal.stderr() }
}

describe('tapedeck backtest', () => {
  it('plays a recording under the run id of its replay, and writes without overwriting', async () => {
    const out = join(folder, 'results')
    const messages = join(folder, 'messages.ndjson')
    const { code, out: text } = await run(SHIPPED, '--json', '--out', out, '--messages', messages)
    expect(code).toBe(EXIT.OK)
    const result = JSON.parse(text) as BacktestResult
    const trading = loadTradingConfig(inRepository('config/tapedeck.yaml'))
    const instruments = instrumentsOf(trading).filter(
      ({ venue, symbol }) => venue === 'binance-usdm' && symbol === 'BTCUSDT',
    )
    const key = recordingKey(await recordingFingerprint([SHIPPED]), instruments, trading)
    expect(result.run_id).toBe(recordingRunId(key))
    expect(result.trades.length).toBeGreaterThan(3)
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(['metrics.json', 'report.html', 'result.json']),
    )
    expect(readdirSync(out).filter((name) => name.endsWith('.part'))).toEqual([])
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(result)
    const types = readFileSync(messages, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type)
    expect(types.filter((type) => type === 'execution.trade.closed')).toHaveLength(
      result.trades.length,
    )
    expect(types.filter((type) => type.startsWith('market.'))).toEqual(['market.run.started'])
    const again = await run(SHIPPED, '--out', out)
    expect(again).toMatchObject({ code: EXIT.CONFLICT, out: '' })
    expect(again.err).toContain('result.json exists')
  }, 300_000)

  it('prints what was made before damage, and says where it is', async () => {
    const lines = gunzipSync(readFileSync(SHIPPED)).toString().split('\n')
    const damaged = join(folder, 'damaged.ws.gz')
    writeFileSync(
      damaged,
      gzipSync([...lines.slice(0, 3000), 'no line', ...lines.slice(3000)].join('\n')),
    )
    const { code, out, err } = await run(damaged)
    expect(code).toBe(EXIT.CHECK_FAILED)
    expect(out).toMatch(/^order_flow on BTCUSDT\n {2}Run +[0-9a-f-]{36}\n/)
    expect(err).toMatch(/stopped at 2026-01-05 08:\d\d:\d\dZ: damaged\.ws\.gz line 3001/)
  })

  it.each<[string, string[], number, string]>([
    ['a key that is none', ['--set', 'strategy.nonsense=1'], EXIT.USAGE, 'no nonsense there'],
    ['a value of another kind', ['--set', 'strategy.cooldown_ms=soon'], EXIT.USAGE, 'cooldown_ms'],
    ['no value', ['--set', 'strategy'], EXIT.USAGE, 'expected key=value'],
    ['a key of no section', ['--set', 'entry=3'], EXIT.USAGE, 'only keys of the trading'],
    [
      'an end before the beginning',
      ['--from', '2026-01-06', '--to', '2026-01-05'],
      EXIT.USAGE,
      '--to 2026-01-05T00:00:00.000Z: expected a moment after --from',
    ],
    ['a file for a folder', ['--out', SHIPPED], EXIT.USAGE, 'is a file, expected a folder'],
    ['a folder for a file', ['--messages', folder], EXIT.USAGE, 'is a folder, expected a file'],
    [
      'a file for a folder on the way',
      ['--messages', join(SHIPPED, 'x')],
      EXIT.USAGE,
      `${SHIPPED} is a file`,
    ],
  ])('refuses %s', async (_, argv, code, text) => {
    const answer = await run(SHIPPED, ...argv)
    expect(answer).toMatchObject({ code, out: '' })
    expect(answer.err).toContain(text)
  })

  it('looks for every file, of prints or of bars', async () => {
    for (const argv of [['none.csv'], ['BTCUSDT=none.csv', '--strategy', 'donchian']]) {
      const answer = await run(...argv)
      expect(answer.code).toBe(EXIT.NOT_FOUND)
      expect(answer.err).toContain('there is no file none.csv')
    }
  })
})
