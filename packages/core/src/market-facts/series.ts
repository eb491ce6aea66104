import { mean } from '../statistics/moments.ts'

/** Autocorrelation of a series at a lag; 0 where there is no variance or too little of it. */
export const autocorrelation = (values: readonly number[], lag: number): number => {
  const count = values.length
  if (count <= lag + 1) return 0
  let sum = 0
  for (const value of values) sum += value
  const middle = sum / count
  let product = 0
  let variance = 0
  for (let i = 0; i < count; i++) {
    const away = values[i]! - middle
    variance += away * away
    if (i >= lag) product += away * (values[i - lag]! - middle)
  }
  return variance === 0 ? 0 : product / variance
}

/** Correlation of two series of one length; 0 where one has no variance. */
export const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [meanA, meanB] = [mean(a) ?? 0, mean(b) ?? 0]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB]
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb)
}

/** Logarithmic returns over `every` samples, one after the other. */
export const returnsOver = (prices: readonly number[], every: number): number[] => {
  const returns: number[] = []
  for (let i = every; i < prices.length; i += every)
    returns.push(Math.log(prices[i]! / prices[i - every]!))
  return returns
}

/**
 * What somebody earns who always goes the way of the last return, before costs: mean of a return times the
 * sign of the one before, in mean sizes of a return. Below 0 it is what the one earns who goes against it.
 */
export const followerGain = (returns: readonly number[], signals = returns): number => {
  let gain = 0
  let size = 0
  for (let i = 1; i < returns.length; i++) {
    gain += Math.sign(signals[i - 1]!) * returns[i]!
    size += Math.abs(returns[i]!)
  }
  return size === 0 ? 0 : gain / size
}

const meanSquare = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value * value, 0) / values.length

/**
 * Variance of returns over `every` samples to `every` times that of returns over `base` samples, where
 * `every` counts in units of `base` (Lo and MacKinlay, 1988; overlapping, without a mean). 1 for a
 * martingale, more where price trends, less where it comes back. Null below ten returns.
 */
export const varianceRatio = (
  prices: readonly number[],
  base: number,
  every: number,
): number | null => {
  const short = returnsOver(prices, base)
  if (short.length < 10 * every) return null
  let sum = 0
  for (let i = 0; i < every; i++) sum += short[i]!
  let squares = sum * sum
  let count = 1
  for (let i = every; i < short.length; i++) {
    sum += short[i]! - short[i - every]!
    squares += sum * sum
    count++
  }
  const variance = meanSquare(short)
  return variance === 0 ? null : squares / count / (every * variance)
}
