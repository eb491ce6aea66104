/** The middle value; of an even count the upper one of the two in the middle. NaN of none. */
export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** The value that `fraction` of all values are at or below (nearest rank). NaN of none. */
export const percentile = (values: readonly number[], fraction: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))
  return sorted[rank] ?? Number.NaN
}
