import type { Features } from '@tapedeck/contracts'

/** A price at which traders have reason to act, and why. */
export type PointOfInterest = { readonly name: string; readonly ticks: number }

/** Each box of each side asks for the same points. */
const found = new WeakMap<Features, readonly PointOfInterest[]>()

/** All known points: developing session profile, the previous session's, last 15 m swings. */
export const pointsOfInterest = (features: Features): readonly PointOfInterest[] => {
  const known = found.get(features)
  if (known !== undefined) return known
  const points = readPoints(features)
  found.set(features, points)
  return points
}

const readPoints = (features: Features): PointOfInterest[] => {
  const { profile_session: now, profile_previous: before } = features
  const points: [string, number | null | undefined][] = [
    ['session POC', now?.poc_ticks],
    ['session VAH', now?.vah_ticks],
    ['session VAL', now?.val_ticks],
    ['previous POC', before?.poc_ticks],
    ['previous VAH', before?.vah_ticks],
    ['previous VAL', before?.val_ticks],
    ['swing high', features.swing_high_ticks],
    ['swing low', features.swing_low_ticks],
  ]
  return points.flatMap(([name, ticks]) =>
    ticks === null || ticks === undefined || ticks <= 0 ? [] : [{ name, ticks }],
  )
}

/** Distance of a price from a point, as a fraction of the point. */
export const distanceFraction = (priceTicks: number, poiTicks: number): number =>
  Math.abs(priceTicks - poiTicks) / poiTicks

/**
 * The nearest point, whether or not price is there. Distance is the fraction that the tolerance is
 * compared with, so that price is at some point exactly when it is at the nearest. On a tie the one
 * named first. Null when none is known.
 */
export const nearestPointOfInterest = (
  priceTicks: number,
  points: readonly PointOfInterest[],
): PointOfInterest | null => {
  let nearest: PointOfInterest | null = null
  for (const point of points)
    if (
      nearest === null ||
      distanceFraction(priceTicks, point.ticks) < distanceFraction(priceTicks, nearest.ticks)
    )
      nearest = point
  return nearest
}
