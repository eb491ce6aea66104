import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY, START, dailyCurve, tradeOf } from './closed-trade.fixture.ts'
import {
  bootstrapIndependent,
  bootstrapSeries,
  drawdownsOf,
  mean,
  monteCarlo,
  normalCdf,
  normalQuantile,
  performanceOf,
  summarizeTrades,
} from './index.ts'

const equities = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 40 })
const nets = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 0, maxLength: 30 })

const resultOf = (values: readonly number[], results: readonly number[] = []) => ({
  from: START,
  to: START + (values.length - 1) * DAY,
  starting_balance: values[0] ?? 1,
  trades: results.map((net, index) => tradeOf(index, net)),
  equity: dailyCurve(values),
})

const numbersIn = (value: unknown): unknown[] => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return []
  return typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [value]
}

describe('statistics of anything', () => {
  it('finds the deepest drawdown that comparing all pairs finds', () => {
    fc.assert(
      fc.property(equities, (values) => {
        let brute = 0
        for (let peak = 0; peak < values.length; peak++)
          for (let trough = peak + 1; trough < values.length; trough++)
            brute = Math.max(brute, (values[peak]! - values[trough]!) / values[peak]!)
        const { deepest_drawdown: deepest } = performanceOf(resultOf(values))
        expect(deepest?.fraction ?? 0).toBeCloseTo(brute, 12)
      }),
    )
  })

  it('is under water exactly where an earlier point was higher', () => {
    fc.assert(
      fc.property(equities, (values) => {
        const curve = dailyCurve(values)
        const below = curve.filter(({ equity }, index) =>
          curve.slice(0, index).some((earlier) => earlier.equity > equity),
        )
        const found = drawdownsOf(curve).flatMap((drawdown) =>
          curve.filter(({ at }) => at > drawdown.peak_at && at <= drawdown.last_below_at),
        )
        expect(found).toEqual(below)
      }),
    )
  })

  it('has ratios that do not depend on the currency', () => {
    fc.assert(
      fc.property(equities, nets, fc.constantFrom(2, 1024, 1 / 64), (values, results, scale) => {
        const one = performanceOf(resultOf(values, results))
        const other = performanceOf(
          resultOf(
            values.map((value) => value * scale),
            results.map((net) => net * scale),
          ),
        )
        for (const key of ['total_return', 'cagr', 'calmar', 'exposure'] as const)
          expect(other[key]).toBe(one[key])
        expect(other.returns).toEqual(one.returns)
        expect(other.confidence).toEqual(one.confidence)
        expect(other.deepest_drawdown?.fraction).toBe(one.deepest_drawdown?.fraction)
        expect(other.trades.profit_factor).toBe(one.trades.profit_factor)
        expect(other.trades.net_profit).toBe(one.trades.net_profit * scale)
      }),
    )
  })

  it('does not depend on the order in which trades are given', () => {
    fc.assert(
      fc.property(nets, fc.integer(), (results, seed) => {
        const trades = results.map((net, index) => tradeOf(index, net))
        const mixed = trades.toSorted(
          (a, b) => ((a.entered_at ^ seed) % 101) - ((b.entered_at ^ seed) % 101),
        )
        expect(summarizeTrades(mixed)).toEqual(summarizeTrades(trades))
      }),
    )
  })

  it('adds up: groups to the whole, wins and losses to the net', () => {
    fc.assert(
      fc.property(equities, nets, (values, results) => {
        const { trades, groups } = performanceOf(resultOf(values, results))
        expect(trades.gross_profit + trades.gross_loss).toBe(trades.net_profit)
        for (const group of Object.values(groups)) {
          expect(group.reduce((sum, { net_profit }) => sum + net_profit, 0)).toBe(trades.net_profit)
          expect(group.reduce((sum, { trades: count }) => sum + count, 0)).toBe(trades.trades)
        }
      }),
    )
  })

  it('only ever says finite numbers or null, even of accounts that are lost', () => {
    const any = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(any, nets, (values, results) => {
        for (const value of numbersIn(performanceOf(resultOf(values, results))))
          expect(Number.isFinite(value)).toBe(true)
      }),
    )
  })

  it('has a normal quantile that undoes the distribution', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-11)
      }),
    )
  })

  it('gives the same intervals and paths for the same seed, in order', () => {
    const returns = fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), {
      minLength: 10,
      maxLength: 30,
    })
    fc.assert(
      fc.property(returns, fc.integer(), (values, seed) => {
        const plain = bootstrapIndependent(values, mean, { seed, resamples: 200 })!
        expect(plain).toEqual(bootstrapIndependent(values, mean, { seed, resamples: 200 }))
        expect(plain.low!).toBeLessThanOrEqual(plain.high!)
        const series = bootstrapSeries(values, mean, { seed, resamples: 200 })!
        expect(series.low!).toBeLessThanOrEqual(series.high!)
        const paths = monteCarlo(values, { seed, mode: 'shuffle', runs: 50 })!
        expect(paths).toEqual(monteCarlo(values, { seed, mode: 'shuffle', runs: 50 }))
        const end = values.reduce((equity, value) => equity * (1 + value), 1)
        expect(paths.final_equity.p50).toBeCloseTo(end, 10)
      }),
      { numRuns: 30 },
    )
  })
})
