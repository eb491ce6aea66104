/** Position of percentile `p` (0-100) in `count` sorted samples: the whole part of count x p / 100 (S3 §5.2). */
export const percentileIndex = (count: number, p: number): number =>
  Math.min(count - 1, Math.floor(count * (p / 100)))

/**
 * Percentile rank of `value` among `samples`, 0-100: the share below it, equals counting half, so that a
 * flat series ranks in the middle and not at an extreme. Null without samples.
 */
export const percentileRank = (samples: readonly number[], value: number): number | null => {
  if (samples.length === 0) return null
  let below = 0
  let equal = 0
  for (const sample of samples) {
    if (sample < value) below++
    else if (sample === value) equal++
  }
  return ((below + equal / 2) / samples.length) * 100
}
