/**
 * Quantile of values in rising order, by linear interpolation between the two nearest (type 7 of Hyndman
 * and Fan, 1996: the default of R and numpy). `p` from 0 to 1; null of nothing. Infinite values are
 * allowed: a quantile between a finite and an infinite one is infinite.
 */
export const quantileOfSorted = (sorted: ArrayLike<number>, p: number): number | null => {
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * Math.min(1, Math.max(0, p))
  const below = Math.floor(place)
  const low = sorted[below]!
  const share = place - below
  if (share === 0) return low
  const high = sorted[below + 1]!
  return low === high ? low : low + (high - low) * share
}

/** A copy in rising order. */
export const inOrder = (values: ArrayLike<number>): Float64Array =>
  Float64Array.from(values).toSorted()

export type Bin = { readonly from: number; readonly to: number; readonly count: number }

/** Five numbers, mean and a histogram of what was known; `unknown` counts the nulls that were left out. */
export type Distribution = {
  readonly count: number
  readonly unknown: number
  readonly mean: number
  readonly min: number
  readonly p5: number
  readonly p25: number
  readonly median: number
  readonly p75: number
  readonly p95: number
  readonly max: number
  readonly bins: readonly Bin[]
}

const MOST_BINS = 40

/** A round width (1, 2 or 5 times a power of ten) of at least `width`. */
const roundWidth = (width: number): number => {
  const power = 10 ** Math.floor(Math.log10(width))
  const factor = [1, 2, 5, 10].find((step) => step * power >= width * (1 - 1e-9)) ?? 10
  return factor * power
}

/**
 * Bins of a round width, half open [from, to), by Freedman and Diaconis (1981): 2 IQR / cube root of n. One
 * bin where all values are equal. A bin edge lies at 0, so that gains and losses never share a bin.
 */
const binsOf = (sorted: Float64Array): Bin[] => {
  const least = sorted[0]!
  const most = sorted.at(-1)!
  if (least === most) return [{ from: least, to: most, count: sorted.length }]
  const spread = quantileOfSorted(sorted, 0.75)! - quantileOfSorted(sorted, 0.25)!
  const asked = spread > 0 ? (2 * spread) / Math.cbrt(sorted.length) : (most - least) / 10
  const width = roundWidth(Math.max(asked, (most - least) / (MOST_BINS - 2)))
  const first = Math.floor(least / width)
  const counts = Array.from({ length: Math.floor(most / width) - first + 1 }, () => 0)
  for (const value of sorted) counts[Math.floor(value / width) - first]!++
  return counts.map((count, index) => ({
    from: (first + index) * width,
    to: (first + index + 1) * width,
    count,
  }))
}

/** How values spread; null when none is known. */
export const distributionOf = (values: readonly (number | null)[]): Distribution | null => {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return null
  const sorted = inOrder(known)
  const at = (p: number): number => quantileOfSorted(sorted, p)!
  return {
    count: known.length,
    unknown: values.length - known.length,
    mean: known.reduce((sum, value) => sum + value, 0) / known.length,
    min: sorted[0]!,
    p5: at(0.05),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    max: sorted.at(-1)!,
    bins: binsOf(sorted),
  }
}
