import { describe, expect, it } from '@jest/globals'
import { TradingConfig } from '@tapedeck/contracts'
import {
  BUILT_IN_STRATEGIES,
  GeneratedMarket,
  fillModelFrom,
  type MarketEvent,
  type StrategyDefinition,
} from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { BarColumns, type BarSet } from '../bars/bar-series.ts'
import { generatedBars } from '../bars/generated-bars.ts'
import { tapeOfEvents } from '../tape/index.ts'
import { fitted, honest, peeking, smuggling, unsteady } from './cheats.fixture.ts'
import {
  POISON_NAMES,
  barMaterial,
  barSubject,
  brainSubject,
  findLookahead,
  orderFlowSubject,
  tapeMaterial,
  type LookaheadReport,
} from './index.ts'

const START = Date.UTC(2026, 0, 5, 8)
const MINUTE = 60_000

const instrument = testInstrument({ venue: 'generated' })
const THRESHOLDS = {
  profile_bin_ticks: 100,
  min_absorption_volume: 5,
  footprint_imbalance_floor: 1,
}
const trading = TradingConfig.parse({
  instruments: [{ ...instrument, ...THRESHOLDS }],
})

/** Some minutes of a trending market with a book: measures, setups and (after 75 minutes) trades. */
const marketOf = (minutes: number): MarketEvent[] => {
  const market = new GeneratedMarket({
    instrument,
    seed: 71,
    startTime: START,
    startPrice: '60000',
    tradesPerSecond: 1.6,
    meanQuantity: 1.5,
    depthIntervalMs: 500,
    acts: [
      { character: 'balance', minutes: 30 },
      { character: 'trend_up', minutes: 120 },
    ],
  })
  const events: MarketEvent[] = [market.bookSnapshot()]
  while (market.time < START + minutes * MINUTE) events.push(...market.next())
  return events
}
const tape = tapeOfEvents([instrument], marketOf(82))

const bars = generatedBars({ seed: 3, symbols: 2, bars: 600, timeframe: '1h', from: START })
const costs = fillModelFrom(trading.execution)
const days = generatedBars({ seed: 3, symbols: 2, bars: 600, timeframe: '1d', from: START })
const examine = async (
  strategyOf: (bars: BarSet) => StrategyDefinition,
  over: BarSet = bars,
): Promise<LookaheadReport> =>
  await findLookahead({
    subject: barSubject({ costs, startingBalance: 100_000 }, 'strategy', strategyOf),
    material: barMaterial(over),
    cuts: 10,
    seed: 5,
  })

/** Days of the same hours, shown as a whole when they begin. */
const withDaysAhead = (hours: BarSet): BarSet => {
  const [series] = hours.series as [BarSet['series'][number]]
  const columns = new BarColumns(series.instrument, '1d')
  const firstOfDay = series.openTime.findIndex((at) => at % (24 * 60 * MINUTE) === 0)
  for (let row = firstOfDay; row + 24 <= series.count; row += 24) {
    const of = (column: Int32Array): Int32Array => column.subarray(row, row + 24)
    columns.push(
      {
        openTime: series.openTime[row]!,
        open: series.open[row]!,
        high: Math.max(...of(series.high)),
        low: Math.min(...of(series.low)),
        close: series.close[row + 23]!,
      },
      1000,
    )
  }
  return { ...hours, series: [series, columns.finish('open')] }
}

describe('what knows nothing of the future', () => {
  it.each(BUILT_IN_STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
    'finds nothing in %s',
    async (_, strategy) => {
      // Turtles count in days.
      const report = await examine(() => strategy, strategy.name === 'turtle' ? days : bars)
      expect(report.findings).toEqual([])
      expect(new Set(report.cuts.map(({ poison }) => poison))).toEqual(new Set(POISON_NAMES))
      expect(report.cuts.every(({ compared }) => compared > 100)).toBe(true)
    },
  )

  it('finds nothing in the measures, at any grid point', async () => {
    const subject = orderFlowSubject(trading)
    const report = await findLookahead({ subject, material: tapeMaterial(tape), cuts: 6, seed: 2 })
    expect(report.findings).toEqual([])
    expect(report.cuts).toHaveLength(6)
  })

  it('finds nothing in all that the brain says', async () => {
    const subject = brainSubject(trading)
    const report = await findLookahead({ subject, material: tapeMaterial(tape), cuts: 4, seed: 2 })
    expect(report.findings).toEqual([])
    expect(report.cuts.at(-1)!.compared).toBeGreaterThan(3000)
  })
})

describe('what does', () => {
  it('locates a strategy that peeks at the next bar', async () => {
    const report = await examine(peeking)
    const [first] = report.findings
    // One bar ahead, no more: the decision at the very moment of the cut.
    expect(first).toMatchObject({ what: 'bar', at: first!.cut })
    expect(first!.field).toMatch(/^orders/)
    expect((await examine(() => honest)).findings).toEqual([])
  })

  it('locates one that was fitted to all of the data, long before the cut', async () => {
    const [first] = (await examine(fitted)).findings
    expect(first!.field).toMatch(/^orders/)
    expect(first!.at).toBeLessThan(first!.cut)
  })

  it('locates bars that are shown before they have closed', async () => {
    const report = await examine(() => honest, withDaysAhead(bars))
    const [first] = report.findings
    expect(first!.what).toBe('bar')
    expect(first!.at % (24 * 60 * MINUTE)).toBe(0)
    expect(first!.at).toBeLessThanOrEqual(first!.cut)
  })

  it('locates a decider that smuggles the future in by the side', async () => {
    const subject = smuggling(trading)
    const report = await findLookahead({ subject, material: tapeMaterial(tape), cuts: 1, seed: 2 })
    expect(report.findings[0]).toMatchObject({
      what: 'smuggled',
      field: 'busy',
      at: START + MINUTE,
    })
  })

  it('tells what is not repeatable from what looks ahead', async () => {
    const report = await examine(unsteady())
    expect(report.findings).toHaveLength(1)
    expect(report.findings[0]).toMatchObject({ poison: null, what: 'bar' })
    expect(report.cuts).toEqual([])
  })
})

describe('cuts and garbage', () => {
  it('come out the same for the same seed', async () => {
    const material = barMaterial(bars)
    for (const poison of POISON_NAMES) {
      const [one, other] = await Promise.all(
        [7, 7].map((seed) => material.poisoned({ at: START + 300 * 60 * MINUTE }, poison, seed)),
      )
      expect(other).toEqual(one)
    }
  })

  it('keep all that had closed and nothing else', async () => {
    const at = START + 300 * 60 * MINUTE
    for (const poison of POISON_NAMES) {
      const { series } = await barMaterial(bars).poisoned({ at }, poison, 1)
      const [made, real] = [series[0]!, bars.series[0]!]
      expect(made.close.slice(0, 300)).toEqual(real.close.slice(0, 300))
      expect(made.close[300]).not.toBe(real.close[300])
      for (let row = 300; row < made.count; row++) {
        expect(made.high[row]!).toBeGreaterThanOrEqual(Math.max(made.open[row]!, made.close[row]!))
        expect(made.low[row]!).toBeLessThanOrEqual(Math.min(made.open[row]!, made.close[row]!))
        expect(made.openTime[row]!).toBeGreaterThan(made.openTime[row - 1]!)
      }
    }
  })

  it('keep a tape in order, with every print before the cut and none of those after it', async () => {
    const material = tapeMaterial(tape)
    const cut = (await material.cutNear(START + 40 * MINUTE + 7777))!
    for (const poison of POISON_NAMES) {
      const made = await material.poisoned(cut, poison, 3)
      const prints: number[] = []
      for await (const { time, count } of made.trades('BTCUSDT'))
        prints.push(...time.subarray(0, count))
      expect(Math.max(...prints)).toBeLessThan(cut.at)
      let order = -1
      let garbage = 0
      for await (const chunk of made.events('BTCUSDT'))
        chunk.events.forEach((event, row) => {
          expect(chunk.order[row]!).toBeGreaterThan(order)
          order = chunk.order[row]!
          if (event.kind === 'trade') garbage++
        })
      // One keeps its time; the others follow.
      expect(garbage).toBe(1501)
    }
  })
})
