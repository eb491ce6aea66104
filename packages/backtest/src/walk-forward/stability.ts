import type { Axis, ParameterScalar, Places } from './parameter-space.ts'

export type ParameterStability = {
  readonly key: string
  /** What was best, window by window. */
  readonly values: readonly ParameterScalar[]
  /** 1: always the same; 0: spread over the whole of what was searched. */
  readonly score: number
}

export type Stability = {
  readonly parameters: readonly ParameterStability[]
  /** Mean of the scores; null below two windows. */
  readonly score: number | null
}

/**
 * How little the best values moved. For an ordered axis: 1 less the deviation of the places over the
 * largest that is possible (half of the axis); for choices the share of the most frequent one (S3 §12.4).
 * Places rather than values: S3's deviation over the mean depends on where zero lies, and calls 100 +- 5
 * steady even when only 95 to 105 was searched.
 */
export const stabilityOf = (axes: readonly Axis[], chosen: readonly Places[]): Stability => {
  const count = chosen.length
  const parameters = axes.map(({ key, size, at, ordered }, i) => {
    const places = chosen.map((one) => one[i]!)
    const values = places.map(at)
    if (count === 0 || size === 1) return { key, values, score: 1 }
    if (!ordered) {
      const counts = new Map<number, number>()
      for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1)
      return { key, values, score: Math.max(...counts.values()) / count }
    }
    const mean = places.reduce((sum, place) => sum + place, 0) / count
    const variance = places.reduce((sum, place) => sum + (place - mean) ** 2, 0) / count
    return { key, values, score: Math.max(0, 1 - Math.sqrt(variance) / ((size - 1) / 2)) }
  })
  const total = parameters.reduce((sum, { score }) => sum + score, 0)
  return { parameters, score: count < 2 ? null : total / parameters.length }
}
