import { describe, expect, it } from '@jest/globals'
import { DAY, START, dailyCurve, tradeOf } from './closed-trade.fixture.ts'
import { timeInMarket } from './exposure.ts'
import {
  annualGrowth,
  distributionOf,
  drawdownsOf,
  groupTrades,
  mean,
  performanceOf,
  periodicReturns,
  quantileOfSorted,
  sampleDeviation,
  sharpeRatio,
  sharpeSampleOf,
  sortinoRatio,
  summarizeTrades,
} from './index.ts'

/** Expected figures below were computed with numpy and Python's statistics module from the same inputs. */
const RETURNS = [0.012, -0.008, 0.004, 0.021, -0.015, 0.007, 0, -0.003, 0.011, 0.002]

describe('ratios of returns', () => {
  it('agrees with numpy', () => {
    expect(mean(RETURNS)).toBeCloseTo(0.0031, 15)
    expect(sampleDeviation(RETURNS)).toBeCloseTo(0.010418466511173534, 15)
    expect(sharpeRatio(RETURNS)).toBeCloseTo(0.29754858804559486, 13)
    expect(sortinoRatio(RETURNS, 0.001)).toBeCloseTo(0.3529536388627275, 13)
    const sorted = RETURNS.toSorted((a, b) => a - b)
    expect([0, 0.05, 0.33, 0.5, 0.9, 1].map((p) => quantileOfSorted(sorted, p))).toEqual(
      [-0.015, -0.01185, -0.00009, 0.003, 0.0129, 0.021].map((value) => expect.closeTo(value, 15)),
    )
  })

  it.each([
    ['nothing', []],
    ['one return', [0.01]],
    ['no variance', [0.01, 0.01, 0.01]],
    ['no variance but for rounding', [1.01 / 1 - 1, 1.0201 / 1.01 - 1, 1.030301 / 1.0201 - 1]],
  ])('knows no Sharpe ratio of %s', (_, returns) => {
    expect(sharpeRatio(returns)).toBeNull()
    expect(sortinoRatio(returns)).toBeNull()
    expect(sharpeSampleOf(returns)).toBeNull()
  })

  it.each([
    [100, 121, 730.5, 0.1],
    [100, 0, 100, -1],
    [100, 110, 27, null],
    [0, 110, 365, null],
    [100, -1, 365, null],
  ])('from %d to %d in %d days grows %p a year', (start, end, days, growth) => {
    const actual = annualGrowth(start, end, days * DAY)
    expect(actual === null ? null : Number(actual.toFixed(12))).toBe(growth)
  })
})

describe('periodic returns', () => {
  it('gives a close at midnight to the day that ends, and 0 to a day without points', () => {
    const curve = [
      { at: START, equity: 100 },
      { at: START + DAY, equity: 110 },
      { at: START + DAY + 1, equity: 120 },
      { at: START + 3.75 * DAY, equity: 132 },
    ]
    const days = periodicReturns(curve)
    expect(days.map(({ value }) => value)).toEqual([
      expect.closeTo(0.1, 12),
      expect.closeTo(120 / 110 - 1, 12),
      0,
      expect.closeTo(0.1, 12),
    ])
    expect(days.at(-1)).toMatchObject({ to: START + 3.75 * DAY, short: false })
    expect(periodicReturns(curve, { emptyPeriods: 'skip' })).toHaveLength(3)
  })

  it('marks ends that cover less than half a period, and does not know what follows ruin', () => {
    const curve = [
      { at: START + 0.6 * DAY, equity: 100 },
      { at: START + DAY, equity: 0 },
      { at: START + 2.1 * DAY, equity: 10 },
    ]
    expect(periodicReturns(curve).map(({ value, short }) => [value, short])).toEqual([
      [-1, true],
      [null, false],
      [null, true],
    ])
    expect(
      performanceOf({ from: START, to: START + DAY, starting_balance: 0, trades: [], equity: [] })
        .returns.sharpe,
    ).toBeNull()
  })

  it('refuses a curve that goes back in time or is not a number', () => {
    const point = { at: START, equity: 1 }
    expect(() => periodicReturns([point, { at: START - 1, equity: 1 }])).toThrow(/equity\[1\]\.at/)
    expect(() => drawdownsOf([point, { at: START, equity: Number.NaN }])).toThrow(/equity\[1\]/)
  })
})

describe('drawdowns', () => {
  it('tells peak, trough and recovery of each', () => {
    const found = drawdownsOf(dailyCurve([100, 120, 120, 90, 100, 120, 130, 117, 140, 126]))
    expect(found).toEqual([
      {
        peak_at: START + 2 * DAY,
        peak_equity: 120,
        trough_at: START + 3 * DAY,
        trough_equity: 90,
        last_below_at: START + 4 * DAY,
        recovered_at: START + 5 * DAY,
        amount: 30,
        fraction: 0.25,
        duration_ms: 3 * DAY,
        underwater_ms: 2 * DAY,
      },
      expect.objectContaining({ amount: 13, fraction: 0.1, duration_ms: 2 * DAY }),
      expect.objectContaining({ amount: 14, recovered_at: null, duration_ms: DAY }),
    ])
  })

  it('tells the deepest by share from the one that cost most', () => {
    const equity = dailyCurve([100, 60, 1000, 900])
    const result = { from: START, to: START + 4 * DAY, starting_balance: 100, trades: [], equity }
    const { deepest_drawdown, costliest_drawdown, longest_drawdown } = performanceOf(result)
    expect(deepest_drawdown).toMatchObject({ fraction: 0.4, amount: 40 })
    expect(costliest_drawdown).toMatchObject({ fraction: 0.1, amount: 100 })
    // Still under water until `to`, a day after the last point.
    expect(longest_drawdown).toMatchObject({ peak_equity: 100, duration_ms: 2 * DAY })
  })
})

describe('trades', () => {
  const trades = [5, -10, 0, -10, -5, 30].map((net, index) => tradeOf(index, net))

  it('sums them up', () => {
    expect(summarizeTrades(trades)).toMatchObject({
      trades: 6,
      wins: 2,
      losses: 3,
      net_profit: 10,
      gross_profit: 35,
      gross_loss: -25,
      win_rate: 2 / 6,
      profit_factor: 35 / 25,
      payoff: 17.5 / (25 / 3),
      expectancy: 10 / 6,
      expectancy_r: expect.closeTo(1 / 6, 12),
      longest_losing_streak: 2,
      fees: 6,
      // Before costs 6, -9, 1, -9, -4 and 31.
      fee_share: 6 / 38,
      mean_duration_ms: 3_600_000,
    })
  })

  it('knows nothing about nothing', () => {
    const { trades: count, net_profit, ...rest } = summarizeTrades([])
    expect([count, net_profit]).toEqual([0, 0])
    expect(rest).toMatchObject({
      win_rate: null,
      profit_factor: null,
      payoff: null,
      expectancy: null,
      expectancy_r: null,
      largest_win: null,
      fee_share: null,
    })
    expect(summarizeTrades([tradeOf(0, 5, { r: null })])).toMatchObject({
      profit_factor: null,
      payoff: null,
      expectancy_r: null,
      known_r: 0,
    })
  })

  it('groups by what trades are told apart by, the unknown last', () => {
    const graded = trades.map((trade, index) => ({ ...trade, grade: ['B', null, 'A'][index % 3]! }))
    expect(groupTrades(graded, 'grade').map(({ key, net_profit }) => [key, net_profit])).toEqual([
      ['A', 30],
      ['B', -5],
      [null, -15],
    ])
    expect(groupTrades(trades, 'exit_reason').map(({ key }) => key)).toEqual(['STOP', 'TARGET'])
  })

  it('counts overlapping time in the market once', () => {
    const spans = [
      { entered_at: 0, exited_at: 10 },
      { entered_at: 5, exited_at: 8 },
      { entered_at: 9, exited_at: 20 },
      { entered_at: 90, exited_at: 200 },
    ]
    expect(timeInMarket(spans, 2, 100)).toBe(18 + 10)
  })

  it('never puts a gain and a loss in one bin', () => {
    const spread = distributionOf([-1, -0.95, -0.3, 0, 0.2, 1.4, 3, null])!
    expect(spread).toMatchObject({ count: 7, unknown: 1, min: -1, max: 3, median: 0 })
    expect(spread.bins.some(({ from, to }) => from < -1e-9 && to > 1e-9)).toBe(false)
    expect(spread.bins.reduce((sum, { count }) => sum + count, 0)).toBe(7)
  })
})
