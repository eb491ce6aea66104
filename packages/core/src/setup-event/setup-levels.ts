import type { BreakDirection } from '@tapedeck/contracts'

/** What decides the outcome of a break attempt: fixed when it is seen, in quote units. */
export type SetupLevels = {
  readonly direction: BreakDirection
  readonly entry: number
  readonly stop: number
  readonly target: number
}

/** The range that was locked at the compression. */
export type LockedRange = { readonly high: number; readonly low: number }

/** Which way `close` left the range by more than the noise (S0 step 4), or null. */
export const breakDirection = (
  range: LockedRange,
  close: number,
  noise: number,
): BreakDirection | null => {
  if (close > range.high * (1 + noise)) return 'up'
  return close < range.low * (1 - noise) ? 'down' : null
}

/**
 * Entry at the close of the break bar, stop beyond the far side of the range by `buffer`, target one R
 * (the distance from entry to stop) ahead (S0 step 8).
 */
export const setupLevels = (
  range: LockedRange,
  direction: BreakDirection,
  close: number,
  buffer: number,
): SetupLevels => {
  const stop = direction === 'up' ? range.low * (1 - buffer) : range.high * (1 + buffer)
  return { direction, entry: close, stop, target: close + (close - stop) }
}
