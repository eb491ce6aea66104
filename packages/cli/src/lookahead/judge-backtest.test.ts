import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { EXIT } from '../exit-codes.ts'
import { runCli } from '../run-cli.ts'
import { walkKlines } from '../setup-events/klines.fixture.ts'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-judge-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

const run = async (...argv: string[]) => {
  const terminal = memoryTerminal()
  const code = await runCli(argv, terminal)
  return { code, out: terminal.stdout(), err: terminal.stderr() }
}

const KLINES = at('BTCUSDT-15m.csv')
writeFileSync(KLINES, walkKlines(1200, 5))

/** Keeps what it saw when it is made anew: what came later in the first play is the future of the second. */
const REMEMBERING = `
const seen = new Map()
export default {
  name: 'remembering', about: 'Buys what rose the last time.', parameters: {}, timeframes: null,
  warmupBars: () => 1,
  create: () => {
    let orders = 0
    return {
      onBar: ({ symbol, openTime, close }, portfolio) => {
        const next = seen.get(openTime + 900_000)
        seen.set(openTime, close)
        if (portfolio.position(symbol).lots > 0)
          return [{ action: 'exit', symbol, lots: null, reason: 'done' }]
        if (!(next > close)) return []
        return [{ action: 'enter', id: 'e' + orders++, symbol, side: 'BUY', type: 'market', ticks: null,
          size: { lots: 1 }, stopTicks: null, targetTicks: null, reason: 'rose' }]
      },
      snapshot: () => orders,
    }
  },
}
`
writeFileSync(at('remembering.mjs'), REMEMBERING)

describe('lookahead', () => {
  it('finds nothing in a strategy that is given closed bars alone', async () => {
    const { code, out } = await run(
      'lookahead',
      KLINES,
      '--venue',
      'binance-spot',
      '--strategy',
      'donchian',
      '--cuts',
      '5',
    )
    expect(out).toMatch(/no statement changed: 5 futures replaced/)
    expect(code).toBe(EXIT.OK)
  })

  it('says what is not repeatable and where, with exit code 1', async () => {
    const argv = [
      'lookahead',
      KLINES,
      '--venue',
      'binance-spot',
      '--strategy',
      at('remembering.mjs'),
    ]
    const { code, out } = await run(...argv)
    expect(code).toBe(1)
    expect(out).toMatch(/NOT REPEATABLE: bar at 2025-01-01T/)
    expect(out).toMatch(/the second time: .*"action":"enter"/)
    // The module is loaded once a process: by now it remembers everything, says the same each time, and is caught.
    const again = JSON.parse((await run(...argv, '--json')).out) as { verdict: string }
    expect(again.verdict).toBe('looks_ahead')
  })

  it('says what it needs', async () => {
    const klines = await run('lookahead', KLINES, '--venue', 'binance-spot', '--symbol', 'BTCUSDT')
    expect(klines.code).toBe(EXIT.CHECK_FAILED)
    expect(klines.err).toMatch(/--strategy/)
    expect((await run('lookahead', at('none.csv'))).code).toBe(EXIT.NOT_FOUND)
    expect((await run('lookahead', KLINES, '--cuts', '0')).code).toBe(EXIT.USAGE)
  })
})

describe('report', () => {
  it('draws a result again by other conventions, over the old one only when told to', async () => {
    const out = at('result')
    const played = await run(
      'backtest',
      KLINES,
      '--venue',
      'binance-spot',
      '--strategy',
      'donchian',
      '--out',
      out,
    )
    expect(played.code).toBe(EXIT.OK)
    const refused = await run('report', out)
    expect(refused.code).toBe(EXIT.CONFLICT)
    const { code, out: text } = await run('report', out, '--force', '--risk-free', '4', '--json')
    expect(code).toBe(EXIT.OK)
    const figures = JSON.parse(text) as { performance: { returns: { risk_free_rate: number } } }
    expect(figures.performance.returns.risk_free_rate).toBe(0.04)
    expect(JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'))).toEqual(figures)
  })

  it('names the field of a result that is damaged', async () => {
    writeFileSync(at('result.json'), '{"run_id":"r"}')
    const { code, err } = await run('report', folder)
    expect(code).toBe(EXIT.USAGE)
    expect(err).toMatch(/result\.json: strategy/)
    expect((await run('report', at('nowhere'))).code).toBe(EXIT.NOT_FOUND)
  })
})
