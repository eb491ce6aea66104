import type { WindowBar } from './bar-window.ts'

/** Highest high and lowest low. */
export type Span = { readonly high: number; readonly low: number }

export const spanOf = (bars: readonly Span[]): Span => {
  let high = -Infinity
  let low = Infinity
  for (const bar of bars) {
    if (bar.high > high) high = bar.high
    if (bar.low < low) low = bar.low
  }
  return { high, low }
}

export const meanOf = (bars: readonly WindowBar[], value: (bar: WindowBar) => number): number => {
  let sum = 0
  for (const bar of bars) sum += value(bar)
  return sum / bars.length
}

/** Population standard deviation of closes around `mean`. */
export const deviationOf = (bars: readonly WindowBar[], mean: number): number => {
  let squares = 0
  for (const { close } of bars) squares += (close - mean) ** 2
  return Math.sqrt(squares / bars.length)
}

/** Mean true range; null when one of the bars has none (the first of all). */
export const meanTrueRange = (bars: readonly WindowBar[]): number | null => {
  let sum = 0
  for (const { trueRange } of bars) {
    if (trueRange === null) return null
    sum += trueRange
  }
  return sum / bars.length
}

/** A quotient, or null where it has no meaning. */
export const ratio = (above: number | null, below: number | null): number | null =>
  above === null || below === null || below === 0 ? null : above / below

/** A condition as the number that tables hold; unknown stays unknown. */
export const flag = (condition: boolean | null): 0 | 1 | null =>
  condition === null ? null : condition ? 1 : 0
