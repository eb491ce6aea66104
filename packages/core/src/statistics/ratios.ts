import { mean, sampleDeviation, sumOf } from './moments.ts'

/**
 * Sharpe ratio of one period: mean excess return over the sample standard deviation (n - 1) of excess
 * returns (Sharpe, 1994). Times the root of the periods a year it is annualized. Null below two
 * returns or without variance.
 */
export const sharpeRatio = (returns: readonly number[], riskFreePerPeriod = 0): number | null => {
  const excess = returns.map((value) => value - riskFreePerPeriod)
  const average = mean(excess)
  const deviation = sampleDeviation(excess)
  return average === null || deviation === null || deviation === 0 ? null : average / deviation
}

/**
 * Sortino ratio of one period: mean return above the target over the downside deviation, the root of the
 * mean of min(return - target, 0) squared over *all* returns (Sortino and Price, 1994). Null below two
 * returns or when none fell short of the target.
 */
export const sortinoRatio = (returns: readonly number[], targetPerPeriod = 0): number | null => {
  if (returns.length < 2) return null
  const excess = returns.map((value) => value - targetPerPeriod)
  const shortfall = sumOf(excess.map((value) => Math.min(value, 0) ** 2)) / excess.length
  return shortfall === 0 ? null : sumOf(excess) / excess.length / Math.sqrt(shortfall)
}

const YEAR = 365.25 * 86_400_000
/** Less than this says more about the calendar than about the strategy. */
const LEAST_FOR_A_YEAR = 28 * 86_400_000

/**
 * Compound annual growth: (end / start) ^ (365.25 days / elapsed) - 1. Null below 28 days, and where the
 * account had nothing at the start or less than nothing at the end.
 */
export const annualGrowth = (start: number, end: number, elapsedMs: number): number | null => {
  if (elapsedMs < LEAST_FOR_A_YEAR || start <= 0 || end < 0) return null
  const growth = (end / start) ** (YEAR / elapsedMs) - 1
  return Number.isFinite(growth) ? growth : null
}
