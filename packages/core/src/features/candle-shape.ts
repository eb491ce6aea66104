import type { BarWindow, WindowBar } from './bar-window.ts'
import { flag, meanOf, ratio } from './window-measures.ts'

const DOJI_BODY_MAX = 0.1
const LONG_WICK_MIN = 0.6
const SHORT_WICK_MAX = 0.15
const IMPULSE_BODY_MIN = 0.6
const IMPULSE_ATR_MIN = 1.2
const BURST_MIN = 2
const VOLUME_BARS = 20

const engulfs = (bar: WindowBar, before: WindowBar, sign: 1 | -1): boolean =>
  (before.close - before.open) * sign < 0 &&
  (bar.close - bar.open) * sign > 0 &&
  (bar.open - before.close) * sign <= 0 &&
  (bar.close - before.open) * sign >= 0

const both = (first: boolean | null, second: boolean | null): boolean | null =>
  first === null || second === null ? null : first && second

const isAtLeast = (value: number | null, min: number): boolean | null =>
  value === null ? null : value >= min
const isAtMost = (value: number | null, max: number): boolean | null =>
  value === null ? null : value <= max

/** The shape of the bar by itself: shares of its range, unknown for a bar of one price. */
const shapeFields = (bar: WindowBar) => {
  const range = bar.high - bar.low
  return {
    candle_body_pct: ratio(Math.abs(bar.close - bar.open), range),
    candle_upper_wick_pct: ratio(bar.high - Math.max(bar.open, bar.close), range),
    candle_lower_wick_pct: ratio(Math.min(bar.open, bar.close) - bar.low, range),
    candle_close_position: ratio(bar.close - bar.low, range),
    candle_direction: Math.sign(bar.close - bar.open),
  }
}

/**
 * The 15 candlestick fields of the last bar in the window. `atrBefore` is the ATR of the bar before it, so
 * that a wide bar is measured against what was usual, not against itself.
 */
export const candleFields = (
  window: BarWindow,
  atrBefore: number | null,
): Record<string, number | boolean | null> => {
  const bar = window.at(0)!
  const before = window.at(1)
  const shape = shapeFields(bar)
  const { candle_upper_wick_pct: upper, candle_lower_wick_pct: lower } = shape
  const rangeAtr = ratio(bar.high - bar.low, atrBefore)
  const usual = window.last(VOLUME_BARS, 1)
  const volume =
    usual === null
      ? null
      : ratio(
          bar.volume,
          meanOf(usual, (each) => each.volume),
        )
  const wide = both(
    isAtLeast(shape.candle_body_pct, IMPULSE_BODY_MIN),
    isAtLeast(rangeAtr, IMPULSE_ATR_MIN),
  )
  return {
    ...shape,
    candle_range_atr: rangeAtr,
    is_inside_bar: flag(before && bar.high <= before.high && bar.low >= before.low),
    is_outside_bar: flag(before && bar.high > before.high && bar.low < before.low),
    is_doji: flag(isAtMost(shape.candle_body_pct, DOJI_BODY_MAX)),
    is_hammer: flag(both(isAtLeast(lower, LONG_WICK_MIN), isAtMost(upper, SHORT_WICK_MAX))),
    is_shooting_star: flag(both(isAtLeast(upper, LONG_WICK_MIN), isAtMost(lower, SHORT_WICK_MAX))),
    is_bullish_engulfing: flag(before && engulfs(bar, before, 1)),
    is_bearish_engulfing: flag(before && engulfs(bar, before, -1)),
    is_impulse_candle: flag(wide),
    vol_burst: isAtLeast(volume, BURST_MIN),
  }
}
