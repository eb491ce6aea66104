import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  BUILT_IN_STRATEGIES,
  TURTLE_OUTCOMES,
  recomputeTurtleEvent,
  type ClosedTrade,
  type TurtleEvent,
} from '@tapedeck/core'
import type { BarSeries } from './bar-series.ts'
import { NO_COSTS, instrumentOf } from './bars.fixture.ts'
import { generatedBars } from './generated-bars.ts'
import { runBarBacktest } from './run-bar-backtest.ts'

const turtle = BUILT_IN_STRATEGIES.find(({ name }) => name === 'turtle')!
const MIRROR = 80_000

/** Whole prices, so that mirroring them is exact. */
const marketsOf = (seed: number, symbols = 4): BarSeries[] =>
  generatedBars({ seed, symbols, bars: 200, timeframe: '1d', from: 0 }).series.map(inWholePrices)

const inWholePrices = (series: BarSeries): BarSeries => ({
  ...series,
  instrument: instrumentOf(series.instrument.symbol, { max_leverage: 1e6 }),
})

const turn = (prices: Int32Array): Int32Array => prices.map((price) => MIRROR - price)

const mirrored = (one: BarSeries): BarSeries => {
  return {
    ...one,
    open: turn(one.open),
    high: turn(one.low),
    low: turn(one.high),
    close: turn(one.close),
  }
}

const GROUPS = { GEN01USDT: 'a', GEN02USDT: 'a', GEN03USDT: 'b', GEN04USDT: 'b' }

const play = async (series: readonly BarSeries[], params: Record<string, unknown>) => {
  const events: TurtleEvent[] = []
  const result = await runBarBacktest({
    bars: { series, fingerprint: 'drawn', damage: null },
    strategy: turtle,
    params: { n_period: 5, s1_entry: 8, s2_entry: 15, s1_exit: 4, s2_exit: 8, ...params },
    costs: NO_COSTS,
    startingBalance: 10_000_000,
    groups: GROUPS,
    onEvent: (event) => events.push(event as unknown as TurtleEvent),
  })
  expect(result.stopped).toBeNull()
  return { result, events }
}

const params = fc.record({
  max_units_market: fc.integer({ min: 1, max: 5 }),
  max_units_group: fc.integer({ min: 1, max: 7 }),
  max_units_direction: fc.integer({ min: 1, max: 9 }),
  limit_mode: fc.constantFrom('risk_cap', 'unit_count'),
  max_risk_percent: fc.integer({ min: 1, max: 5 }),
  risk_percent: fc.constantFrom(0.5, 1),
  s1_filter: fc.boolean(),
  stops: fc.constantFrom('resting', 'monitor'),
})
const seeds = fc.integer({ min: 1, max: 1_000 })

type Limits = {
  readonly units_total: number
  readonly units_long: number
  readonly units_short: number
  readonly units_by_market: Readonly<Record<string, number>>
  readonly units_by_group: Readonly<Record<string, number>>
}

const most = (counts: Readonly<Record<string, number>>): number =>
  Math.max(0, ...Object.values(counts))

const essence = ({
  symbol,
  side,
  entered_at,
  exited_at,
  quantity,
  exit_reason,
  net_pnl,
  r,
}: ClosedTrade) => ({
  symbol,
  side,
  entered_at,
  exited_at,
  quantity,
  exit_reason,
  net_pnl,
  r: r?.toFixed(9),
})

describe('the turtle over drawn markets and limits', () => {
  it('never holds more units than its limits, and every event follows from its own inputs', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, params, async (seed, drawn) => {
        const { events } = await play(marketsOf(seed), drawn)
        expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1))
        expect(events.filter(({ outcome }) => !TURTLE_OUTCOMES.includes(outcome))).toEqual([])
        // As they are read back from a file.
        const stored = JSON.parse(JSON.stringify(events)) as TurtleEvent[]
        expect(stored.flatMap((event) => recomputeTurtleEvent(event))).toEqual([])
        const beyond: Limits[] = []
        const filled = events.filter(({ event_type }) =>
          /^(entry|pyramid)_filled$/.test(event_type),
        )
        for (const { context } of filled) {
          const { limits } = context['account'] as unknown as { readonly limits: Limits }
          const byRisk = drawn.limit_mode === 'risk_cap'
          const total = byRisk ? limits.units_total * drawn.risk_percent : 0
          const oneWay = byRisk ? 0 : Math.max(limits.units_long, limits.units_short)
          if (
            most(limits.units_by_market) > drawn.max_units_market ||
            most(limits.units_by_group) > drawn.max_units_group ||
            total > drawn.max_risk_percent ||
            oneWay > drawn.max_units_direction
          )
            beyond.push(limits)
        }
        expect(filled.length).toBeGreaterThan(0)
        expect(beyond).toEqual([])
      }),
      { numRuns: 12 },
    )
  })

  it('stops only tighten', async () => {
    let moves = 0
    const loosened: string[] = []
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { events } = await play(marketsOf(seed), {})
        for (const { event_type, context } of events) {
          if (event_type !== 'stop_modified') continue
          const { direction, stop_before, stop_after } = context['stop'] as {
            direction: string
            stop_before: number
            stop_after: number
          }
          const tightened = (stop_after - stop_before) * (direction === 'LONG' ? 1 : -1)
          if (tightened < 0) loosened.push(event_type)
          moves++
        }
      }),
      { numRuns: 8 },
    )
    expect(loosened).toEqual([])
    expect(moves).toBeGreaterThan(30)
  })

  it('trades mirrored prices the mirrored way', async () => {
    const turned = { LONG: 'SHORT', SHORT: 'LONG' } as const
    await fc.assert(
      fc.asyncProperty(seeds, params, async (seed, drawn) => {
        const markets = marketsOf(seed, 2)
        const [up, down] = [await play(markets, drawn), await play(markets.map(mirrored), drawn)]
        expect(down.result.trades.map(essence)).toEqual(
          up.result.trades.map((one) => essence({ ...one, side: turned[one.side] })),
        )
      }),
      { numRuns: 8 },
    )
  })

  it('an event that was tampered with does not recompute', async () => {
    const { events } = await play(marketsOf(5), {})
    const entry = events.find(({ event_type }) => event_type === 'entry_attempted')!
    const evaluated = events.find(({ outcome }) => outcome === 'approved')!
    const sizing = entry.context['sizing'] as { [key: string]: number }
    const changed = (over: object): TurtleEvent => ({
      ...entry,
      context: { ...entry.context, sizing: { ...sizing, ...over } },
    })
    expect(recomputeTurtleEvent(entry)).toEqual([])
    for (const over of [
      { lots: sizing['lots']! + 1 },
      { n_value: sizing['n_value']! * 1.01 },
      { initial_stop: 1 },
      { equity_notional: 1 },
      { calculation: 'trust me' },
    ])
      expect(recomputeTurtleEvent(changed(over))).not.toEqual([])
    expect(recomputeTurtleEvent({ ...evaluated, outcome: 'filtered_s1' })).toEqual([
      { field: 'outcome', recorded: 'filtered_s1', recomputed: 'approved' },
    ])
  })
})
