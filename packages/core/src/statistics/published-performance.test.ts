import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { DAY, dailyCurve } from './closed-trade.fixture.ts'
import { drawdownsOf, performanceOf, sortinoRatio } from './index.ts'

const expected = fileURLToPath(new URL('../../../../../shared/data/expected/', import.meta.url))
const describeWithData = existsSync(expected) ? describe : describe.skip

const rowsOf = (file: string): string[][] =>
  readFileSync(expected + file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))

const closes = (): { at: number; equity: number }[] =>
  rowsOf('performance/ige-daily-20011126-20071114.csv').map((row) => ({
    at: Date.parse(row[0]!),
    equity: Number(row[6]),
  }))

describeWithData('published results (skipped without ../shared/data/expected)', () => {
  it('is as in Chan, Quantitative Trading: Sharpe 0.7889 at 4 %, 31.178 %, 623 days', () => {
    const curve = closes()
    const [first, last] = [curve[0]!, curve.at(-1)!]
    // Chan counts the first bar as a return of 0: the curve starts a day before it.
    const equity = [{ at: first.at - DAY, equity: first.equity }, ...curve]
    const result = {
      from: first.at - DAY,
      to: last.at,
      starting_balance: first.equity,
      trades: [],
      equity,
    }
    const performance = performanceOf(result, {
      periodsPerYear: 252,
      emptyPeriods: 'skip',
      riskFreeRate: 0.04,
    })
    expect(performance.returns.periods).toBe(1504)
    expect(performance.returns.sharpe).toBeCloseTo(0.7889, 4)
    expect(performance.confidence!.sharpe_per_period).toBeCloseTo(0.0497, 4)
    expect(performance.deepest_drawdown!.fraction).toBeCloseTo(0.31178, 5)
    const longest = drawdownsOf(equity).reduce(
      (most, { underwater_ms }) => Math.max(most, underwater_ms),
      0,
    )
    expect(longest / DAY).toBe(623)
    expect(performance.longest_drawdown!.duration_ms / DAY).toBe(624)
  })

  it('is as in drawdown-small.csv', () => {
    for (const [values, deepest, days] of rowsOf('performance/drawdown-small.csv')) {
      const found = drawdownsOf(dailyCurve(values!.split(' ').map(Number)))
      const fraction = found.reduce((most, drawdown) => Math.max(most, drawdown.fraction!), 0)
      const longest = found.reduce((most, drawdown) => Math.max(most, drawdown.underwater_ms), 0)
      expect(fraction).toBeCloseTo(Number(deepest), 2)
      expect(longest / DAY).toBe(Number(days))
    }
  })

  it('has the Sortino ratios of lean/spy_sortino.csv', () => {
    const rows = rowsOf('lean/spy_sortino.csv')
    const returns = rows.map((row) => Number(row[5]))
    let compared = 0
    rows.forEach((row, index) => {
      if (row[14] === '' || row[14] === undefined) return
      const window = returns.slice(index - 14, index + 1)
      expect(sortinoRatio(window)).toBeCloseTo(Number(row[14]), 8)
      expect(sortinoRatio(window, 0.01)).toBeCloseTo(Number(row[15]), 8)
      compared++
    })
    expect(compared).toBe(62)
  })
})
