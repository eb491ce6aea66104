import { TIMEFRAME_MS } from '@tapedeck/contracts'
import type { BarSeries } from './bar-series.ts'
import type { BarCursor } from './desk.ts'

/** First row whose bar opens at or after `time`. */
export const rowAt = (series: BarSeries, time: number): number => {
  let low = 0
  let high = series.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (series.openTime[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

/** A walk through the rows of a series, in the order in which they are shown. */
export class SeriesTrack {
  readonly series: BarSeries
  readonly lengthMs: number
  readonly #delay: number
  readonly #first: number
  readonly #end: number
  row: number
  /** When the bar in `row` is shown; Infinity after the last. */
  next: number

  constructor(series: BarSeries, from: number, end: number) {
    this.series = series
    this.lengthMs = TIMEFRAME_MS[series.timeframe]
    this.#delay = series.shown === 'open' ? 0 : this.lengthMs
    this.#first = from
    this.#end = end
    this.row = from
    this.next = this.#timeOf(from)
  }

  #timeOf(row: number): number {
    return row < this.#end ? this.series.openTime[row]! + this.#delay : Infinity
  }

  advance(): void {
    this.row++
    this.next = this.#timeOf(this.row)
  }

  fill(cursor: BarCursor): void {
    const { series, row } = this
    const openTime = series.openTime[row]!
    cursor.symbol = series.instrument.symbol
    cursor.timeframe = series.timeframe
    cursor.openTime = openTime
    cursor.closeTime = openTime + this.lengthMs
    cursor.open = series.open[row]!
    cursor.high = series.high[row]!
    cursor.low = series.low[row]!
    cursor.close = series.close[row]!
    cursor.volume = series.volume[row]!
    cursor.afterGap = row > this.#first && openTime !== series.openTime[row - 1]! + this.lengthMs
  }
}

/** Series by length of their bars, longest first, so that a day is known before its last hour is answered. */
export const inShowOrder = (series: readonly BarSeries[]): readonly BarSeries[] =>
  series.toSorted((a, b) => TIMEFRAME_MS[b.timeframe] - TIMEFRAME_MS[a.timeframe])

/** The shortest series of each symbol: the one that is traded on. */
export const tradedSeries = (series: readonly BarSeries[]): readonly BarSeries[] => {
  const shortest = new Map<string, BarSeries>()
  for (const one of series) {
    const known = shortest.get(one.instrument.symbol)
    if (known === undefined || TIMEFRAME_MS[one.timeframe] < TIMEFRAME_MS[known.timeframe])
      shortest.set(one.instrument.symbol, one)
  }
  return [...shortest.values()]
}
