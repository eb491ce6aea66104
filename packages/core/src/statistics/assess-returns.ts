import type { PeriodRules } from './periodic-returns.ts'
import {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSampleOf,
} from './sharpe-confidence.ts'

/** How sure the Sharpe ratio is, by formula (no resampling). Ratios here are of one period, not annualized. */
export type ReturnConfidence = {
  readonly sharpe_per_period: number
  readonly skewness: number
  /** Not excess: 3 for normal returns. */
  readonly kurtosis: number
  /** Probability that the true Sharpe ratio is above 0. */
  readonly probabilistic_sharpe: number | null
  /** Returns that it takes to say so with 95 %; null when the ratio is not above 0. */
  readonly minimum_track_record: number | null
  readonly trials: number
  /** What the best of so many trials without skill would show; null when their variance is not known. */
  readonly expected_best_sharpe: number | null
  readonly deflated_sharpe: number | null
}

type Trials = { readonly trials?: number; readonly trialsVariance?: number }

/** Null where returns have no Sharpe ratio. */
export const assessReturns = (
  returns: readonly number[],
  { riskFreeRate, periodsPerYear }: Required<PeriodRules>,
  { trials = 1, trialsVariance }: Trials,
): ReturnConfidence | null => {
  const sample = sharpeSampleOf(returns, riskFreeRate / periodsPerYear)
  if (sample === null) return null
  // One trial was not chosen among others: nothing to deflate, whatever the variance.
  const variance = trialsVariance ?? (trials === 1 ? 0 : null)
  return {
    sharpe_per_period: sample.sharpe,
    skewness: sample.skewness,
    kurtosis: sample.kurtosis,
    probabilistic_sharpe: probabilisticSharpe(sample),
    minimum_track_record: minimumTrackRecord(sample),
    trials,
    expected_best_sharpe: variance === null ? null : expectedBestSharpe(trials, variance),
    deflated_sharpe: variance === null ? null : deflatedSharpe(sample, trials, variance),
  }
}
