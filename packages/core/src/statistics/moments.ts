/** Arithmetic mean; null of nothing. */
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sumOf(values) / values.length

/** Sum with Neumaier's compensation, so that the length of a series does not cost digits. */
export const sumOf = (values: readonly number[]): number => {
  let sum = 0
  let lost = 0
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return sum + lost
}

/** Below this share of the largest value a spread is what rounding left of equal values, not variance. */
const ROUNDING = 1e-12

const centralMoment = (values: readonly number[], center: number, power: number): number =>
  sumOf(values.map((value) => (value - center) ** power)) / values.length

const isConstant = (values: readonly number[], deviation: number): boolean => {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return deviation <= ROUNDING * largest
}

/** Sample standard deviation (n - 1); null below two values. Exactly 0 where values are equal up to rounding. */
export const sampleDeviation = (values: readonly number[]): number | null => {
  const center = mean(values)
  if (center === null || values.length < 2) return null
  const deviation = Math.sqrt(
    (centralMoment(values, center, 2) * values.length) / (values.length - 1),
  )
  return isConstant(values, deviation) ? 0 : deviation
}

/** Third standardized moment of the population (g1); null without variance. */
export const skewness = (values: readonly number[]): number | null => standardized(values, 3)

/** Fourth standardized moment of the population, not excess: 3 for a normal distribution. Null without variance. */
export const kurtosis = (values: readonly number[]): number | null => standardized(values, 4)

const standardized = (values: readonly number[], power: number): number | null => {
  const center = mean(values)
  const deviation = sampleDeviation(values)
  if (center === null || deviation === null || deviation === 0) return null
  const variance = centralMoment(values, center, 2)
  return centralMoment(values, center, power) / variance ** (power / 2)
}
