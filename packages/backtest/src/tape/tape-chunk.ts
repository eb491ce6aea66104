import type { Instrument } from '@tapedeck/contracts'
import type { ComposerOptions, MarketEvent } from '@tapedeck/core'

/**
 * Prints of one symbol in columns, a piece of a tape. Row `i` of every column belongs together; columns
 * may be longer than `count` and are reused: what is needed of a chunk after the next was asked for has
 * to be copied.
 */
export type TradeChunk = {
  readonly symbol: string
  readonly count: number
  /** Place in the source's own order, across symbols and kinds; rises strictly. */
  readonly order: Float64Array
  readonly id: Float64Array
  readonly priceTicks: Float64Array
  readonly quantityLots: Float64Array
  /** Event time in ms, as the source told it. */
  readonly time: Float64Array
  /** 1 when the buyer was the maker: an aggressive sell. */
  readonly maker: Uint8Array
  /** 1 for prints that are recorded but measure nothing (insurance fund, ADL); null when there are none. */
  readonly excluded: Uint8Array | null
}

/**
 * Everything that is not a print (book changes, quotes, marks, bars, feed states), with its place in the
 * order. Clocks, which have no symbol, come with the first instrument.
 */
export type EventChunk = {
  readonly symbol: string
  readonly order: Float64Array
  readonly events: readonly MarketEvent[]
}

/**
 * Half open: from <= time < to, in ms. Time is the latest that the source had told with a row: a print that
 * comes late stays with its neighbors, and consecutive ranges give every row once.
 */
export type TimeRange = { readonly from?: number; readonly to?: number }

/** A tape that was opened and whose manifest was checked. Files are read when they are asked for, in bounded memory. */
export interface TapeReader {
  readonly instruments: readonly Instrument[]
  readonly from: number
  readonly to: number
  /** SHA-256 of the manifest: names the data in results and run ids. */
  readonly fingerprint: string
  /** What the composer needs to know of the source: klines set the shortest bar and the cadence of the clock. */
  readonly composer?: Pick<ComposerOptions, 'base' | 'clockMs'>
  trades(symbol: string, range?: TimeRange): AsyncIterable<TradeChunk>
  events(symbol: string, range?: TimeRange): AsyncIterable<EventChunk>
}
