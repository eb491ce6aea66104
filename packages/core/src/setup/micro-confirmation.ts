import type { BarShape, Side } from '@tapedeck/contracts'

/** Largest body of a rejection bar, as a fraction of its range (S3 §6.3). */
const REJECTION_BODY_MAX = 0.4
/** Bars that must be known before a rejection is read (S3 §6.3). */
const REJECTION_BARS_MIN = 3

/** Distance of the close from the extreme that the side wants, in ticks. */
const fromExtreme = (bar: BarShape, side: Side): number =>
  side === 'BUY' ? bar.high_ticks - bar.close_ticks : bar.close_ticks - bar.low_ticks

/**
 * Continuation: the bar goes the intended way, closes in the outer part of its range, and its delta
 * agrees. A bar without range confirms nothing.
 */
export const confirmsContinuation = (
  bar: BarShape | undefined,
  side: Side,
  outerFraction: number,
): boolean => {
  if (bar === undefined) return false
  const range = bar.high_ticks - bar.low_ticks
  const sign = side === 'BUY' ? 1 : -1
  return (
    range > 0 &&
    sign * (bar.close_ticks - bar.open_ticks) > 0 &&
    sign * bar.delta_lots > 0 &&
    fromExtreme(bar, side) <= outerFraction * range
  )
}

/**
 * Reversion: the last of at least three bars was rejected (S3 §6.3): a small body, a close in the
 * outer part on the intended side, and a wick against it that is longer than the body.
 */
export const confirmsReversion = (
  bars: readonly BarShape[],
  side: Side,
  outerFraction: number,
): boolean => {
  const bar = bars.at(-1)
  if (bar === undefined || bars.length < REJECTION_BARS_MIN) return false
  const range = bar.high_ticks - bar.low_ticks
  const body = Math.abs(bar.close_ticks - bar.open_ticks)
  const wick =
    side === 'BUY'
      ? Math.min(bar.open_ticks, bar.close_ticks) - bar.low_ticks
      : bar.high_ticks - Math.max(bar.open_ticks, bar.close_ticks)
  return (
    range > 0 &&
    body / range < REJECTION_BODY_MAX &&
    fromExtreme(bar, side) / range < outerFraction &&
    wick > body
  )
}
