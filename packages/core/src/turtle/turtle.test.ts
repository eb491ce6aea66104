import { describe, expect, it } from '@jest/globals'
import {
  breakoutOf,
  checkPosition,
  evaluateFilters,
  type CheckInput,
  type FilterInput,
  type LastS1Trade,
} from './decisions.ts'
import { drawdownOf, movedStopOf, nOf, pnlOf, sizeUnit, stopOf, triggerOf } from './formulas.ts'
import { turtleRules, TURTLE_PARAMETERS } from './rules.ts'
import { TurtleMarket, type Day } from './turtle-market.ts'
import { resolveParameters } from '../strategy/index.ts'

describe('rules 3 to 5: N, unit, drawdown', () => {
  it('N after Wilder, with its calculation (S1)', () => {
    const { value, calculation } = nOf({ period: 20, prev_n: 8.48, true_range: 9.32 })
    expect(value).toBeCloseTo(8.522, 12)
    expect(calculation).toBe(`((19 × 8.48) + 9.32) / 20 = ${value}`)
  })

  it("S1's own example: 29 contracts short of a stop at 540.49", () => {
    const sizing = sizeUnit({
      price: 523.45,
      n_value: 8.52,
      equity_actual: 50_000,
      equity_notional: 50_000,
      system: 'S2',
      direction: 'SHORT',
      risk_percent: 0.5,
      stop_multiplier: 2,
      point_value: 1,
      atr_period: 20,
      lot_size: 1,
    })
    expect(sizing).toMatchObject({ risk_dollars: 250, lots: 29, contracts: 29 })
    expect(sizing.initial_stop).toBeCloseTo(540.49, 10)
    expect(sizing.position_value).toBeCloseTo(15_180.05, 10)
  })

  it.each<[string, number, number, number]>([
    // N, lot, contracts: floored, never rounded, and a quotient of decimals is not cut by its last bit.
    ['a share', 8.52, 1, 29],
    ['a coin', 291.4, 0.00001, 0.85792],
    ['exactly three tenths', 250 / 0.3, 0.1, 0.3],
    ['less than a lot', 251, 1, 0],
    ['no volatility', 0, 1, 0],
  ])('%s', (_, n_value, lot_size, contracts) => {
    const sizing = sizeUnit({
      price: 100,
      n_value,
      equity_actual: 50_000,
      equity_notional: 50_000,
      system: 'S1',
      direction: 'LONG',
      risk_percent: 0.5,
      stop_multiplier: 2,
      point_value: 1,
      atr_period: 20,
      lot_size,
    })
    expect(sizing.contracts).toBe(contracts)
  })

  it.each([
    [55_000, 55_000, 0, 55_000],
    [60_000, 55_000, 0, 60_000],
    [49_500.01, 55_000, 0, 49_500.01],
    [49_500, 55_000, 1, 39_600],
    [44_000, 55_000, 2, 28_160],
    [38_500, 55_000, 3, 19_712],
    [0, 55_000, 10, 0],
  ])(
    'equity %d below a peak of %d: %d cuts of 20 %%, sized from %d',
    (actual, peak, steps, notional) => {
      const drawdown = drawdownOf({
        equity_actual: actual,
        equity_high_water: peak,
        threshold_percent: 10,
        reduction_percent: 20,
      })
      expect(drawdown.steps).toBe(steps)
      expect(drawdown.triggered).toBe(steps > 0)
      expect(drawdown.equity_notional).toBeCloseTo(notional, 8)
    },
  )
})

describe('rules 10 to 12: stops and pyramids', () => {
  it.each([
    ['LONG', 50.25, 1.24, 47.77, 50.87],
    ['SHORT', 525, 8.26, 541.52, 520.87],
  ] as const)(
    '%s from %d with N %d: stop %d, next unit %d',
    (direction, entry, n, stop, trigger) => {
      expect(stopOf({ direction, entry_price: entry, n, stop_multiplier: 2 }).price).toBeCloseTo(
        stop,
        10,
      )
      const next = { direction, last_entry_price: entry, n_at_last_entry: n, pyramid_interval: 0.5 }
      expect(triggerOf(next).price).toBeCloseTo(trigger, 10)
    },
  )

  it.each([
    ['a new unit pulls all stops up', 'LONG', 50.9, 1.26, 47.77, 48.38],
    ['a wild N does not let them down', 'LONG', 50.9, 2, 47.77, 47.77],
    ['a new unit pulls all stops down', 'SHORT', 520, 8.3, 541.52, 536.6],
    ['a wild N does not let them up', 'SHORT', 520, 12, 541.52, 541.52],
    ['the first unit has none before it', 'LONG', 50, 1, null, 48],
  ] as const)('%s', (_, direction, entry_price, n, stop_before, stop_after) => {
    const moved = movedStopOf({ direction, entry_price, n, stop_multiplier: 2, stop_before })
    expect(moved.stop_after).toBeCloseTo(stop_after, 10)
  })

  it('what an exit made', () => {
    const pnl = pnlOf({
      direction: 'SHORT',
      entry_price: 525,
      fill_price: 542.1,
      contracts: 26,
      point_value: 1,
      commission: 0.65,
      n: 8.26,
    })
    expect(pnl.gross_pnl).toBeCloseTo(-444.6, 8)
    expect(pnl.net_pnl).toBeCloseTo(-445.25, 8)
    expect(pnl.pnl_in_n).toBeCloseTo(-445.25 / (8.26 * 26), 12)
    expect(pnl.calculation).toMatch(/^\(525 − 542\.1\) × 26 × 1 = /)
  })
})

const WON: LastS1Trade = {
  direction: 'SHORT',
  entry_at: 1,
  exit_at: 2,
  entry_price: 100,
  exit_price: 90,
  result: 'winner',
  pnl_in_n: 2,
}
const OPEN: FilterInput = {
  system: 'S1',
  direction: 'LONG',
  in_position: false,
  s1_taken: false,
  s1_filter_applies: true,
  last_s1_trade: null,
  market: { current: 0, max: 4 },
  group: { name: 'crypto', current: 0, max: 6 },
  total: { mode: 'risk_cap', current_units: 0, risk_percent: 0.5, max_risk_percent: 20 },
}
const counted = (current: number): FilterInput['total'] => ({
  mode: 'unit_count',
  current,
  max: 12,
})
const capped = (current_units: number): FilterInput['total'] => ({
  mode: 'risk_cap',
  current_units,
  risk_percent: 0.5,
  max_risk_percent: 20,
})
const full = { market: { current: 4, max: 4 }, group: { name: 'g', current: 6, max: 6 } }

describe('filters, in order of precedence', () => {
  it.each<[string, Partial<FilterInput>, string]>([
    ['nothing is against it', {}, 'approved'],
    [
      'a position is open, and everything else fails too',
      { in_position: true, last_s1_trade: WON, ...full, total: capped(40) },
      'already_in_position',
    ],
    [
      'the last S1 trade won (rule 7)',
      { last_s1_trade: WON, ...full, total: capped(40) },
      'filtered_s1',
    ],
    ['the last S1 trade lost', { last_s1_trade: { ...WON, result: 'loser' } }, 'approved'],
    ['rule 7 is off', { last_s1_trade: WON, s1_filter_applies: false }, 'approved'],
    ['S2 does not ask for it (rule 9)', { system: 'S2', last_s1_trade: WON }, 'approved'],
    [
      'S2 beside an S1 that was taken',
      { system: 'S2', s1_taken: true, ...full, total: capped(40) },
      'filtered_s2_redundant',
    ],
    ['the market is full', { ...full, total: capped(40) }, 'limit_market'],
    ['the third of four units', { market: { current: 3, max: 4 } }, 'approved'],
    ['the group is full', { group: full.group, total: capped(40) }, 'limit_correlated'],
    ['the sixth of the group', { group: { name: 'g', current: 5, max: 6 } }, 'approved'],
    ['39 units at 0.5 %: one more is 20 %', { total: capped(39) }, 'approved'],
    ['40 units at 0.5 %', { total: capped(40) }, 'limit_risk_cap'],
    ['11 units this way', { total: counted(11) }, 'approved'],
    ['12 units this way', { total: counted(12) }, 'limit_total'],
  ])('%s', (_, over, outcome) => {
    const filters = evaluateFilters({ ...OPEN, ...over }, 'entry')
    expect(filters.outcome).toBe(outcome)
    expect(filters.results.map(({ name }) => name)).toEqual([
      'already_in_position',
      's1_filter',
      's2_redundant',
      'limit_market',
      'limit_correlated',
      'limit_total',
    ])
    expect(filters.all_passed).toBe(outcome === 'approved')
    expect(filters.blocking_filter).toBe(filters.results.find((one) => !one.passed)?.name ?? null)
  })

  it('a pyramid is bound by the limits alone', () => {
    const input = { ...OPEN, in_position: true, last_s1_trade: WON }
    expect(evaluateFilters(input, 'pyramid').outcome).toBe('approved')
    expect(evaluateFilters({ ...input, ...full }, 'pyramid').outcome).toBe('limit_market')
  })
})

const HELD: CheckInput = {
  direction: 'LONG',
  price: 100,
  stop: 95,
  exit_channel: { high: 120, low: 96, period: 10 },
  pyramid_trigger: 105,
  can_pyramid: true,
}
const SHORT: CheckInput = {
  ...HELD,
  direction: 'SHORT',
  stop: 105,
  exit_channel: { high: 104, low: 80, period: 10 },
  pyramid_trigger: 95,
}

describe('a position under the monitor', () => {
  it.each<[CheckInput, number, string]>([
    [HELD, 100, 'hold'],
    [HELD, 96, 'hold'],
    [HELD, 95.9, 'exit_breakout_triggered'],
    [HELD, 95, 'exit_stop_triggered'],
    [HELD, 105, 'pyramid_triggered'],
    [HELD, 130, 'pyramid_triggered'],
    [{ ...HELD, can_pyramid: false }, 105, 'hold'],
    [{ ...HELD, exit_channel: null }, 95.9, 'hold'],
    [{ ...HELD, stop: null }, 90, 'exit_breakout_triggered'],
    [SHORT, 104, 'hold'],
    [SHORT, 104.1, 'exit_breakout_triggered'],
    [SHORT, 105, 'exit_stop_triggered'],
    [SHORT, 95, 'pyramid_triggered'],
  ])('%# at %d: %s', (input, price, outcome) => {
    expect(checkPosition({ ...input, price })).toBe(outcome)
  })

  it('a channel is broken beyond it, not at it', () => {
    const channel = { high: 110, low: 90, period: 20 }
    expect([110.01, 110, 100, 90, 89.99].map((price) => breakoutOf(price, channel))).toEqual([
      'LONG',
      null,
      null,
      null,
      'SHORT',
    ])
    expect(breakoutOf(1e9, null)).toBeNull()
  })
})

const day = (at: number, high: number, low: number): Day => ({
  at,
  open: low,
  high,
  low,
  close: (high + low) / 2,
  volume: 1,
})

describe('a market by the day', () => {
  const rules = turtleRules(
    resolveParameters('turtle', TURTLE_PARAMETERS, {
      n_period: 3,
      s1_entry: 2,
      s2_entry: 3,
      s1_exit: 1,
      s2_exit: 2,
    }),
  )

  it('channels leave today out, and are unknown while days are missing', () => {
    const market = new TurtleMarket(rules)
    const highs = [10, 12, 11, 20]
    highs.forEach((high, i) => market.onDay(day(i, high, high - 5)))
    expect(market.channels(true)?.s1Entry).toEqual({ high: 12, low: 6, period: 2 })
    expect(market.channels(false)?.s1Entry).toEqual({ high: 20, low: 6, period: 2 })
    expect(market.channels(true)?.s2Entry).toEqual({ high: 12, low: 5, period: 3 })
    const young = new TurtleMarket(rules)
    young.onDay(day(0, 10, 5))
    expect(young.channels(false)?.s1Entry).toBeNull()
    expect(young.n).toBeNull()
  })

  it.each<[string, number, { high: number; low: number }, 'winner' | 'loser']>([
    ['the 2N stop', 79, { high: 130, low: 70 }, 'loser'],
    ['the exit channel with a profit', 108, { high: 130, low: 109 }, 'winner'],
    ['the exit channel with a loss', 99, { high: 130, low: 99.5 }, 'loser'],
  ])('an S1 trade that was never taken ends at %s', (_, price, exit, result) => {
    const market = new TurtleMarket(rules)
    market.enterS1('LONG', 1, 100, 10)
    expect(market.shadowDirection).toBe('LONG')
    market.followS1(2, 105, { ...exit, low: 60, period: 1 })
    expect(market.lastS1).toBeNull()
    market.followS1(3, price, { ...exit, period: 1 })
    expect(market.lastS1).toMatchObject({ result, exit_price: price, pnl_in_n: (price - 100) / 10 })
    expect(market.shadowDirection).toBeNull()
  })
})
