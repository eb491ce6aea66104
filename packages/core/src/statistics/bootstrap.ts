import { Random } from '../generator/index.ts'
import { mean } from './moments.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { inOrder, quantileOfSorted } from './quantile.ts'

/** A statistic of a sample; null where the sample does not say. */
export type Statistic = (sample: readonly number[]) => number | null

export type BootstrapOptions = {
  readonly seed: number
  /** Resamples; default 2000. */
  readonly resamples?: number
  /** Default 0.95. */
  readonly confidence?: number
}

/** A bound is null where the resamples' quantile is not a finite number (a ratio without losses). */
export type Interval = {
  readonly estimate: number
  readonly low: number | null
  readonly high: number | null
  readonly confidence: number
  readonly method: 'bca' | 'percentile'
  /** Mean length of resampled blocks; 1: values were drawn one by one. */
  readonly block: number
  readonly resamples: number
  /** Resamples for which the statistic was not known. They are left out. */
  readonly unknown: number
}

const settle = ({ seed, resamples = 2000, confidence = 0.95 }: BootstrapOptions) => {
  if (!(Number.isInteger(resamples) && resamples >= 100 && resamples <= 100_000))
    throw new RangeError(`resamples ${resamples}: expected a whole number, 100 to 100000`)
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence ${confidence}: expected a share between 0 and 1`)
  return { random: new Random(seed), resamples, confidence }
}

/** Enough values for an interval to mean something. */
const LEAST = 5

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null

type Drawn = { readonly known: number[]; readonly unknown: number }

/** More resamples without an answer than this share, and no interval is given. */
const MOST_UNKNOWN = 0.05

const draw = (resamples: number, one: () => number | null): Drawn => {
  const known: number[] = []
  for (let index = 0; index < resamples; index++) {
    const value = one()
    if (value !== null && !Number.isNaN(value)) known.push(value)
  }
  return { known, unknown: resamples - known.length }
}

/**
 * Interval by the plain bootstrap for independent values (R of trades), bias-corrected and accelerated (BCa,
 * Efron, 1987): trade results are skewed, which plain percentiles ignore. The jackknife that BCa needs is right
 * for independent values only. Null below five values.
 */
export const bootstrapIndependent = (
  values: readonly number[],
  statistic: Statistic,
  options: BootstrapOptions,
): Interval | null => {
  const { random, resamples, confidence } = settle(options)
  const estimate = finite(statistic(values))
  if (values.length < LEAST || estimate === null) return null
  const sample = [...values]
  const { known, unknown } = draw(resamples, () => {
    for (let index = 0; index < sample.length; index++)
      sample[index] = values[Math.floor(random.next() * values.length)]!
    return statistic(sample)
  })
  if (unknown > resamples * MOST_UNKNOWN) return null
  const sorted = inOrder(known)
  const levels = accelerated(values, statistic, sorted, estimate, confidence)
  const method = levels === null ? 'percentile' : 'bca'
  const [low, high] = levels ?? [(1 - confidence) / 2, (1 + confidence) / 2]
  return {
    estimate,
    low: finite(quantileOfSorted(sorted, low)),
    high: finite(quantileOfSorted(sorted, high)),
    confidence,
    method,
    block: 1,
    resamples,
    unknown,
  }
}

/** Jackknifing a statistic costs n times n; beyond this the correction is too small to matter. */
const MOST_JACKKNIFED = 2000

/** The quantiles that BCa reads; null where the correction is not defined (a constant statistic). */
const accelerated = (
  values: readonly number[],
  statistic: Statistic,
  sorted: Float64Array,
  estimate: number,
  confidence: number,
): readonly [number, number] | null => {
  if (values.length > MOST_JACKKNIFED) return null
  const below = sorted.filter((value) => value < estimate).length
  const equal = sorted.filter((value) => value === estimate).length
  const share = (below + equal / 2) / sorted.length
  if (share <= 0 || share >= 1) return null
  const acceleration = accelerationOf(values, statistic)
  if (acceleration === null) return null
  const bias = normalQuantile(share)
  const level = (p: number): number => {
    const z = bias + normalQuantile(p)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  return [level((1 - confidence) / 2), level((1 + confidence) / 2)]
}

const accelerationOf = (values: readonly number[], statistic: Statistic): number | null => {
  const without: number[] = []
  const rest = values.slice(1)
  for (let index = 0; index < values.length; index++) {
    const value = finite(statistic(rest))
    if (value === null) return null
    without.push(value)
    // The next one left out is `index + 1`: put this one back in its place.
    if (index < rest.length) rest[index] = values[index]!
  }
  const center = mean(without) ?? 0
  let squares = 0
  let cubes = 0
  for (const value of without) {
    squares += (center - value) ** 2
    cubes += (center - value) ** 3
  }
  return squares === 0 ? null : cubes / (6 * squares ** 1.5)
}

/** Mean block length where none is given: the cube root of n (the rate that is best for a mean), at least 1. */
export const defaultBlock = (count: number): number => Math.max(1, Math.round(Math.cbrt(count)))

/**
 * Interval by the stationary bootstrap (Politis and Romano, 1994) for a series in time: blocks of geometric
 * length with mean `block`, around the corner, so that volatility which comes in clusters stays in them.
 * Percentile bounds: BCa's jackknife is not valid for dependent values. Null below ten values.
 */
export const bootstrapSeries = (
  series: readonly number[],
  statistic: Statistic,
  options: BootstrapOptions & { readonly block?: number },
): Interval | null => {
  const { random, resamples, confidence } = settle(options)
  const count = series.length
  const block = options.block ?? defaultBlock(count)
  if (!(block >= 1)) throw new RangeError(`block ${block}: expected a mean length of 1 or more`)
  const estimate = finite(statistic(series))
  if (count < 2 * LEAST || estimate === null) return null
  const sample = [...series]
  const { known, unknown } = draw(resamples, () => {
    let at = 0
    for (let index = 0; index < count; index++) {
      const fresh = index === 0 || random.next() * block < 1
      at = fresh ? Math.floor(random.next() * count) : (at + 1) % count
      sample[index] = series[at]!
    }
    return statistic(sample)
  })
  if (unknown > resamples * MOST_UNKNOWN) return null
  const sorted = inOrder(known)
  return {
    estimate,
    low: finite(quantileOfSorted(sorted, (1 - confidence) / 2)),
    high: finite(quantileOfSorted(sorted, (1 + confidence) / 2)),
    confidence,
    method: 'percentile',
    block,
    resamples,
    unknown,
  }
}
