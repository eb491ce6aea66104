import type { BarWindow } from './bar-window.ts'
import { FIBONACCI } from './ratio-fields.ts'
import { meanOf, meanTrueRange, ratio, spanOf, type Span } from './window-measures.ts'

const SHORT_CHANNEL = 20
export const LONG_CHANNEL = 55

/** Channels of the bars before the last one; null while there are too few. */
export const channelsOf = (window: BarWindow): { short: Span | null; long: Span | null } => {
  const short = window.last(SHORT_CHANNEL, 1)
  const long = window.last(LONG_CHANNEL, 1)
  return {
    short: short === null ? null : spanOf(short),
    long: long === null ? null : spanOf(long),
  }
}

const widthOf = (span: Span | null): number | null => (span === null ? null : span.high - span.low)

const trueRangeOf = (window: BarWindow, count: number): number | null => {
  const bars = window.last(count)
  return bars === null ? null : meanTrueRange(bars)
}

/** Fibonacci levels, expansion and contraction ratios of the last bar in the window (version 1.1.0). */
export const ratioFields = (
  window: BarWindow,
  atr: number | null,
): Record<string, number | null> => {
  const bar = window.at(0)!
  const { short, long } = channelsOf(window)
  const width = widthOf(short)
  const before = window.last(20, 1)
  const usualRange = before === null ? null : meanOf(before, ({ high, low }) => high - low)
  const five = window.last(5)
  const twenty = window.last(20)
  const contracted =
    five === null || twenty === null ? null : ratio(widthOf(spanOf(five)), widthOf(spanOf(twenty)))
  const levels = Object.entries(FIBONACCI).map(([name, share]) => [
    name,
    short === null || width === null ? null : short.low + share * width,
  ])
  return {
    ...(Object.fromEntries(levels) as Record<string, number | null>),
    fib_position: short === null ? null : ratio(bar.close - short.low, width),
    range_expansion_ratio: ratio(bar.high - bar.low, usualRange),
    range_contraction_ratio: contracted,
    true_range_ratio: ratio(trueRangeOf(window, 5), trueRangeOf(window, 20)),
    channel_ratio: ratio(width, widthOf(long)),
    channel_width_atr: ratio(width, atr),
  }
}
