import { kurtosis, sampleDeviation, skewness } from './moments.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { sharpeRatio } from './ratios.ts'

/** A Sharpe ratio of one period with what its error depends on. Nothing here is annualized. */
export type SharpeSample = {
  readonly sharpe: number
  /** Number of returns. */
  readonly count: number
  readonly skewness: number
  /** Not excess: 3 for normal returns. */
  readonly kurtosis: number
}

/** Null below two returns or without variance. */
export const sharpeSampleOf = (
  returns: readonly number[],
  riskFreePerPeriod = 0,
): SharpeSample | null => {
  const sharpe = sharpeRatio(returns, riskFreePerPeriod)
  const skew = skewness(returns)
  const kurt = kurtosis(returns)
  if (sharpe === null || skew === null || kurt === null) return null
  return { sharpe, count: returns.length, skewness: skew, kurtosis: kurt }
}

/** Variance of the estimate times n - 1 (Mertens, 2002); null where the moments contradict each other. */
const spreadOf = ({ sharpe, skewness: skew, kurtosis: kurt }: SharpeSample): number | null => {
  const spread = 1 - skew * sharpe + ((kurt - 1) / 4) * sharpe * sharpe
  return spread > 0 && Number.isFinite(spread) ? spread : null
}

/**
 * Probabilistic Sharpe ratio (Bailey and Lopez de Prado, 2012): the probability that the true Sharpe ratio is
 * above `benchmark` (of one period, not annualized), given skewness and kurtosis of the sample.
 */
export const probabilisticSharpe = (sample: SharpeSample, benchmark = 0): number | null => {
  const spread = spreadOf(sample)
  if (spread === null || sample.count < 2) return null
  return normalCdf(((sample.sharpe - benchmark) * Math.sqrt(sample.count - 1)) / Math.sqrt(spread))
}

/**
 * Minimum track record length (same paper): how many returns like these it takes until the Sharpe ratio is above
 * `benchmark` with `confidence`. Null when it is not above it: no length would do.
 */
export const minimumTrackRecord = (
  sample: SharpeSample,
  benchmark = 0,
  confidence = 0.95,
): number | null => {
  const spread = spreadOf(sample)
  if (spread === null || sample.sharpe <= benchmark) return null
  return 1 + spread * (normalQuantile(confidence) / (sample.sharpe - benchmark)) ** 2
}

/** Euler and Mascheroni. */
const GAMMA = 0.5772156649015329

/**
 * The Sharpe ratio that the best of `trials` strategies without any skill is expected to show, when the trials'
 * Sharpe ratios have `variance` (of one period, not annualized). False strategy theorem, Bailey and Lopez de
 * Prado, 2014. 0 for a single trial. `trials` counts independent trials and need not be whole.
 */
export const expectedBestSharpe = (trials: number, variance: number): number => {
  if (!(trials >= 1 && Number.isFinite(trials)))
    throw new RangeError(`trials ${trials}: expected 1 or more`)
  if (!(variance >= 0 && Number.isFinite(variance)))
    throw new RangeError(`variance ${variance}: expected 0 or more`)
  if (trials === 1) return 0
  const best =
    (1 - GAMMA) * normalQuantile(1 - 1 / trials) + GAMMA * normalQuantile(1 - 1 / (trials * Math.E))
  return Math.sqrt(variance) * Math.max(0, best)
}

/**
 * Deflated Sharpe ratio (Bailey and Lopez de Prado, 2014): the probability that the true Sharpe ratio is above
 * 0 after choosing the best of `trials` whose Sharpe ratios had `variance`. Everything of one period.
 */
export const deflatedSharpe = (
  sample: SharpeSample,
  trials: number,
  variance: number,
): number | null => probabilisticSharpe(sample, expectedBestSharpe(trials, variance))

/** Sample variance of trials' Sharpe ratios, as `deflatedSharpe` takes it; null below two known ones. */
export const varianceOfTrials = (sharpes: readonly (number | null)[]): number | null => {
  const deviation = sampleDeviation(sharpes.filter((sharpe) => sharpe !== null))
  return deviation === null ? null : deviation ** 2
}
