import { kurtosis, mean } from '../statistics/moments.ts'
import { autocorrelation, followerGain, returnsOver, varianceRatio } from './series.ts'

/** Facts of the returns of one length. */
export type ReturnFacts = {
  /** With the next one. */
  readonly autocorrelation: number
  /** What a follower of the last return earns on the next one, in mean sizes of a return. */
  readonly follower: number
  /** Excess over that of a normal distribution. */
  readonly kurtosis: number
  /** Mean size in basis points. */
  readonly size: number
}

/** Facts of prices alone. Lengths that a series has too few returns of are absent. */
export type PriceFacts = {
  readonly returns: Readonly<Record<string, ReturnFacts>>
  /** Autocorrelation of the sizes of returns over the base, by distance. */
  readonly clusters: Readonly<Record<string, number>>
  /** Variance ratio against returns over the base, by length. */
  readonly ratios: Readonly<Record<string, number>>
}

const SPANS: readonly (readonly [name: string, seconds: number])[] = [
  ['1s', 1],
  ['10s', 10],
  ['1m', 60],
  ['5m', 300],
  ['30m', 1800],
  ['1h', 3600],
]
const RETURNS_MIN = 30

/**
 * `step`: seconds between two prices. `base`: length of the returns whose sizes cluster and with which longer
 * ones are compared; a multiple of `step`.
 */
export const priceFactsOf = (prices: readonly number[], step: number, base: number): PriceFacts => {
  const spans = SPANS.filter(
    ([, seconds]) => seconds >= step && prices.length * step > seconds * RETURNS_MIN,
  )
  const returns: Record<string, ReturnFacts> = {}
  for (const [name, seconds] of spans) {
    const values = returnsOver(prices, seconds / step)
    returns[name] = {
      autocorrelation: autocorrelation(values, 1),
      follower: followerGain(values),
      kurtosis: (kurtosis(values) ?? 3) - 3,
      size: (mean(values.map(Math.abs)) ?? 0) * 1e4,
    }
  }
  const sizes = returnsOver(prices, base / step).map(Math.abs)
  const clusters: Record<string, number> = {}
  const ratios: Record<string, number> = {}
  for (const [name, seconds] of spans.filter(([, length]) => length >= base)) {
    clusters[name] = autocorrelation(sizes, seconds / base)
    const ratio = seconds > base ? varianceRatio(prices, base / step, seconds / base) : null
    if (ratio !== null) ratios[name] = ratio
  }
  return { returns, clusters, ratios }
}
