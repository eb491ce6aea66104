import { describe, expect, it } from '@jest/globals'
import {
  bootstrapIndependent,
  bootstrapSeries,
  deflatedSharpe,
  expectedBestSharpe,
  mean,
  minimumTrackRecord,
  monteCarlo,
  normalCdf,
  normalQuantile,
  probabilisticSharpe,
  sharpeSampleOf,
  tradeReturns,
  varianceOfTrials,
} from './index.ts'

/** Expected figures below were computed with numpy and Python's statistics module from the same inputs. */
const RETURNS = [0.012, -0.008, 0.004, 0.021, -0.015, 0.007, 0, -0.003, 0.011, 0.002]

describe('normal distribution', () => {
  it.each([
    [-8, 6.220960574271819e-16],
    [-3.5, 2.3262907903552504e-4],
    [-3, 0.0013498980316300957],
    [-1.96, 0.024997895148220435],
    [-0.1, 0.460172162722971],
    [0.5, 0.6914624612740131],
    [2.9999, 0.998649658717045],
    [5, 0.9999997133484281],
  ])('falls below %d with %p', (x, p) => {
    expect(normalCdf(x) / p).toBeCloseTo(1, 12)
  })

  it.each([
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.07, -1.4757910281791702],
    [0.3, -0.5244005127080407],
    [0.5, 0],
    [0.77, 0.7388468491852137],
    [0.975, 1.9599639845400536],
    [0.99999, 4.26489079392384],
  ])('has its quantile %d at %d', (p, x) => {
    expect(normalQuantile(p)).toBeCloseTo(x, 12)
  })
})

describe('confidence in a Sharpe ratio', () => {
  const sample = sharpeSampleOf(RETURNS)!

  it('agrees with numpy', () => {
    expect(sample.skewness).toBeCloseTo(-0.05821340036222655, 12)
    expect(sample.kurtosis).toBeCloseTo(2.4839449697260485, 12)
    expect(probabilisticSharpe(sample)).toBeCloseTo(0.8081403809673464, 12)
    expect(probabilisticSharpe(sample, 0.05)).toBeCloseTo(0.7656790533909947, 12)
    expect(minimumTrackRecord(sample)).toBeCloseTo(33.092011947619234, 10)
    expect(minimumTrackRecord(sample, 0.3)).toBeNull()
    expect(deflatedSharpe(sample, 7, 0.02)).toBeCloseTo(0.6167401493802814, 12)
    expect(varianceOfTrials([0.1, null, 0.3])).toBeCloseTo(0.02, 12)
  })

  it('repeats the examples of the papers', () => {
    // Bailey and Lopez de Prado (2014): 2.5 a year over 1250 days, best of 100 with a variance of 1/2 a year.
    const paper = { sharpe: 2.5 / Math.sqrt(250), count: 1250, skewness: -3, kurtosis: 10 }
    expect(expectedBestSharpe(100, 0.5 / 250)).toBeCloseTo(0.1132, 4)
    expect(deflatedSharpe(paper, 100, 0.5 / 250)).toBeCloseTo(0.9004, 4)
    // Bailey and Lopez de Prado (2012): 2 above 1 with 95 % takes 2.73 years of normal daily returns.
    const daily = { sharpe: 2 / Math.sqrt(250), count: 1, skewness: 0, kurtosis: 3 }
    expect(minimumTrackRecord(daily, 1 / Math.sqrt(250))! / 250).toBeCloseTo(2.73, 2)
  })

  it('deflates nothing for one trial, and more for more', () => {
    expect(deflatedSharpe(sample, 1, 0.02)).toBe(probabilisticSharpe(sample))
    expect(deflatedSharpe(sample, 100, 0.02)!).toBeLessThan(deflatedSharpe(sample, 10, 0.02)!)
    expect(() => expectedBestSharpe(0, 1)).toThrow(/trials 0/)
  })
})

const profitFactor = (nets: readonly number[]): number => {
  const lost = nets.reduce((sum, net) => sum - Math.min(0, net), 0)
  return nets.reduce((sum, net) => sum + Math.max(0, net), 0) / lost
}

describe('bootstrap', () => {
  // Bounds from 400,000 resamples with numpy.
  it('corrects an interval of skewed results (BCa)', () => {
    const r = [-1, -1, -1.05, 2.1, -0.4, 3.5, -1, 0.8, -1, -1.1, 5.2, -0.2, 1.4, -1, -1, 2]
    const interval = bootstrapIndependent(r, mean, { seed: 1, resamples: 20_000 })!
    expect(interval).toMatchObject({ method: 'bca', block: 1, unknown: 0 })
    expect(interval.low).toBeCloseTo(-0.353, 1)
    expect(interval.high).toBeCloseTo(1.556, 1)
    expect(Math.abs(interval.high! - 1.371875)).toBeGreaterThan(0.1)
  })

  it('keeps neighbors together in a series', () => {
    const series = [
      0.01, 0.012, 0.009, -0.004, -0.006, -0.01, -0.002, 0.003, 0.008, 0.011, 0.006, -0.001,
    ]
    const blocks = bootstrapSeries(series, mean, { seed: 3, resamples: 20_000, block: 3 })!
    expect(blocks.low).toBeCloseTo(-0.001833, 3)
    expect(blocks.high).toBeCloseTo(0.007333, 3)
    const single = bootstrapSeries(series, mean, { seed: 3, resamples: 20_000, block: 1 })!
    expect(single.low! - blocks.low!).toBeGreaterThan(0.0004)
  })

  it('has no bound where there is no finite one, and none at all from a handful', () => {
    const interval = bootstrapIndependent([3, 2, 4, 1, -1], profitFactor, { seed: 5 })!
    expect(interval.high).toBeNull()
    expect(interval.low).not.toBeNull()
    expect(bootstrapIndependent([1, 2, 3, 4], mean, { seed: 5 })).toBeNull()
    expect(bootstrapIndependent([1, 1, 1, 1, 1], mean, { seed: 5 })).toMatchObject({
      low: 1,
      high: 1,
    })
  })
})

describe('Monte Carlo of trades', () => {
  // Exact figures from all permutations, and from all 3125 draws with replacement.
  const returns = [0.1, -0.2, 0.05, -0.1, 0.3]

  it('keeps the end and moves the drawdown when the order changes', () => {
    const shuffled = monteCarlo(returns, { seed: 2, mode: 'shuffle', ruinAt: 0.75 })!
    expect(shuffled.final_equity.p5).toBeCloseTo(1.08108, 12)
    expect(shuffled.final_equity.p95).toBeCloseTo(1.08108, 12)
    expect(shuffled.max_drawdown.p5).toBeCloseTo(0.2, 12)
    expect(shuffled.max_drawdown.p95).toBeCloseTo(0.28, 12)
    expect(shuffled.ruin_probability).toBeCloseTo(0.1, 1)
    expect(shuffled.fan.map(({ trade }) => trade)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('moves both when trades are drawn', () => {
    const drawn = monteCarlo(returns, { seed: 2, mode: 'resample', runs: 20_000, ruinAt: 0.75 })!
    expect(drawn.loss_probability).toBeCloseTo(0.41824, 1)
    expect(drawn.ruin_probability).toBeCloseTo(0.27296, 1)
    expect(drawn.final_equity.p50).toBeCloseTo(1.08108, 1)
    expect(monteCarlo([0.1], { seed: 2, mode: 'resample' })).toBeNull()
  })

  it('takes a result as a share of what was there before it', () => {
    expect(tradeReturns([10, -11, 49.5], 100)).toEqual([0.1, -0.1, 0.5])
    expect(tradeReturns([-100, 1], 100)).toBeNull()
  })
})
