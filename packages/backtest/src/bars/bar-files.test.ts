import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { BUILT_IN_STRATEGIES } from '@tapedeck/core'
import { NO_COSTS, START, instrumentOf, scripted } from './bars.fixture.ts'
import { loadStrategy } from './load-strategy.ts'
import { openBarFiles } from './open-bar-files.ts'
import { runBarBacktest } from './run-bar-backtest.ts'

const HOUR = 3_600_000
const HEADER = 'open_time,open,high,low,close,volume,close_time'
const rowOf = (i: number, { lengthMs = HOUR, price = '100' } = {}): string => {
  const at = START + i * lengthMs
  return `${at},${price},101,99,100,5,${at + lengthMs - 1}`
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapedeck-bars-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, lines: readonly string[]): string => {
  const file = join(folder, name)
  const text = `${lines.join('\n')}\n`
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text)
  return file
}
const instruments = [instrumentOf('BTCUSDT'), instrumentOf('ETHUSDT')]
const open = async (...files: readonly string[]) => await openBarFiles({ files, instruments })

describe('files of klines', () => {
  it('several files of a symbol follow each other; names and options say which symbol', async () => {
    const first = write('BTCUSDT-1h-a.csv', [HEADER, rowOf(0), rowOf(1)])
    const second = write('BTCUSDT-1h-b.csv.gz', [HEADER, rowOf(2), rowOf(5)])
    const other = write('other.csv', [HEADER, rowOf(1)])
    const { series, damage } = await open(first, second, `ETHUSDT=${other}`)
    expect(series.map(({ instrument, count }) => [instrument.symbol, count])).toEqual([
      ['BTCUSDT', 4],
      ['ETHUSDT', 1],
    ])
    expect([...series[0]!.openTime].map((at) => (at - START) / HOUR)).toEqual([0, 1, 2, 5])
    expect(damage).toBeNull()
  })

  it('a longer timeframe accompanies the one that is traded', async () => {
    const hours = write('BTCUSDT-1h.csv', [HEADER, rowOf(0)])
    const days = write('BTCUSDT-1d.csv', [HEADER, rowOf(0, { lengthMs: 24 * HOUR })])
    expect((await open(hours, days)).series.map(({ timeframe }) => timeframe)).toEqual(['1h', '1d'])
  })

  it.each<[string, string, RegExp]>([
    [
      'a price that is no number',
      rowOf(2, { price: 'NaN' }),
      /line 4: open is "NaN", expected a positive decimal/,
    ],
    ['a price of 0', rowOf(2, { price: '0' }), /line 4: open is "0"/],
    [
      'a price between ticks',
      rowOf(2, { price: '100.5' }),
      /line 4: open is "100\.5", expected .*tick of 1/,
    ],
    [
      'a high below the low',
      `${START + 2 * HOUR},100,98,99,100,5,${START + 3 * HOUR - 1}`,
      /line 4: high is "98", expected low <= open, close <= high/,
    ],
    [
      'a volume that is no number',
      `${START + 2 * HOUR},100,101,99,100,x,${START + 3 * HOUR - 1}`,
      /line 4: volume is "x"/,
    ],
    ['the same bar twice', rowOf(1), /line 4: open_time is .*, expected later than the row before/],
    ['a clock that runs backwards', rowOf(0), /line 4: open_time/],
    [
      'a bar off the grid',
      rowOf(2).replace(/^\d+/, String(START + 2 * HOUR + 1)),
      /line 4: open_time .*a start of 1h/,
    ],
    [
      'a bar of another timeframe',
      rowOf(1, { lengthMs: 24 * HOUR }),
      /line 4: close_time is .*, expected at most .*a bar of 1h/,
    ],
    ['a row cut short', `${START + 2 * HOUR},100,101`, /line 4: row is .*7 columns, found 3/],
  ])(
    '%s ends the data there: the good rows are played, the result says why',
    async (_, bad, message) => {
      const file = write('BTCUSDT-1h-bad.csv', [HEADER, rowOf(0), rowOf(1), bad, rowOf(9)])
      const bars = await open(file)
      expect(bars.damage).toMatchObject({
        at: START + 2 * HOUR,
        error: { code: 'RECORDING_INVALID' },
      })
      expect(bars.damage!.error.message).toMatch(message)
      const result = await runBarBacktest({
        bars,
        strategy: scripted({}),
        costs: NO_COSTS,
        startingBalance: 1,
      })
      expect(result.stopped).toMatchObject({ at: START + 2 * HOUR })
      expect(result.counts['bars']).toBe(2)
    },
  )

  it.each<[string, () => readonly string[], RegExp]>([
    ['no files', () => [], /no files were named/],
    [
      'an unknown symbol',
      () => [`DOGEUSDT=${write('BTCUSDT-1h-u.csv', [HEADER, rowOf(0)])}`],
      /DOGEUSDT.*not configured/,
    ],
    [
      'a file that does not say its symbol',
      () => [write('x.csv', [HEADER, rowOf(0)])],
      /does not say which instrument/,
    ],
    ['an empty file', () => [write('BTCUSDT-e.csv', [''])], /is empty/],
    [
      'a damaged first row',
      () => [write('BTCUSDT-f.csv', [HEADER, rowOf(0, { price: '-1' })])],
      /line 2: open is "-1"/,
    ],
    [
      'symbols on different timeframes',
      () => [
        write('BTCUSDT-1h-m.csv', [HEADER, rowOf(0)]),
        write('ETHUSDT-1d-m.csv', [HEADER, rowOf(0, { lengthMs: 24 * HOUR })]),
      ],
      /bars of 1d for ETHUSDT, expected 1h like BTCUSDT/,
    ],
    ['a missing file', () => [join(folder, 'BTCUSDT-none.csv')], /BTCUSDT-none\.csv/],
  ])('%s: refused', async (_, files, message) => {
    await expect(open(...files())).rejects.toThrow(message)
  })

  it('days are made from hours for a strategy that wants them, and must be there for one of days', async () => {
    const hours = Array.from({ length: 50 }, (_, i) => rowOf(i, { price: String(99 + (i % 3)) }))
    const bars = await open(write('BTCUSDT-1h-t.csv', [HEADER, ...hours]))
    const seen: string[] = []
    const strategy = scripted({
      onBar: ({ timeframe, closeTime, open: first, close, volume }) => {
        if (timeframe === '1d')
          seen.push(`${(closeTime - START) / HOUR} ${first} ${close} ${volume}`)
        return []
      },
    })
    const costs = NO_COSTS
    await runBarBacktest({
      bars,
      strategy: { ...strategy, longer: ['1d'] },
      costs,
      startingBalance: 1,
    })
    expect(seen).toEqual(['24 99 100 120', '48 99 100 120'])
    const ofDays = runBarBacktest({
      bars,
      strategy: { ...strategy, timeframes: ['1h', '1d'] },
      costs,
      startingBalance: 1,
    })
    await expect(ofDays).rejects.toThrow(/scripted needs bars of 1h and 1d, 1d is missing/)
  })

  it('the turtle refuses options that contradict each other', async () => {
    const bars = await open(write('BTCUSDT-1h-c.csv', [HEADER, rowOf(0), rowOf(1)]))
    const strategy = BUILT_IN_STRATEGIES.find(({ name }) => name === 'turtle')!
    const params = { today: 'foreseen' }
    await expect(
      runBarBacktest({ bars, strategy, params, costs: NO_COSTS, startingBalance: 1 }),
    ).rejects.toThrow(/^turtle: today is foreseen with scan daily, expected scan every_bar/)
  })
})

const module = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('modules of users', () => {
  const GOOD = `export default {
    name: 'mine', about: 'does nothing', parameters: {}, timeframes: null,
    warmupBars: () => 0, create: () => ({ onBar: () => [], snapshot: () => null }),
  }`

  it('are found by path, built-in ones by name', async () => {
    expect((await loadStrategy(module('mine.mjs', GOOD))).name).toBe('mine')
    expect((await loadStrategy('donchian')).name).toBe('donchian')
  })

  it.each<[string, () => string, RegExp]>([
    [
      'an unknown name',
      () => 'nope',
      /there is no strategy nope; on bars there are donchian, turtle/,
    ],
    ['no file', () => join(folder, 'none.mjs'), /none\.mjs cannot be loaded/],
    [
      'no default export',
      () => module('a.mjs', 'export const x = 1'),
      /a\.mjs: the default export is missing/,
    ],
    [
      'a class of something else',
      () => module('b.mjs', 'export default class {}'),
      /the default export is a function/,
    ],
    [
      'a module that throws',
      () => module('c.mjs', 'throw new Error("oh")'),
      /c\.mjs cannot be loaded: oh/,
    ],
    ['bad syntax', () => module('d.mjs', 'export default {{'), /d\.mjs cannot be loaded/],
  ])('%s: refused', async (_, strategy, message) => {
    await expect(loadStrategy(strategy())).rejects.toMatchObject({
      code: 'STRATEGY_INVALID',
      message: expect.stringMatching(message) as unknown,
    })
  })
})
