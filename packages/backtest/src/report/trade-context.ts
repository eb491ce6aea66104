import type { FootprintView } from '@tapedeck/core'

/** A bar of a minute around a trade; prices and volumes in units, not steps. */
export type ContextBar = {
  readonly open_time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly delta: number
}

/** What the market did around a trade: bars from before the entry to after the exit, footprints around the entry. */
export type TradeContext = {
  readonly trade_id: string
  readonly bar_ms: number
  readonly bars: readonly ContextBar[]
  /** Bars of `footprint_ms` around the entry, oldest first; empty where there are no prints. */
  readonly footprint_ms: number
  readonly footprints: readonly FootprintView[]
  /** Height of a footprint row in price. */
  readonly row_height: number
}

/** The file `context.json` beside a result: pictures for a report, of some trades or of all. */
export type BacktestContext = {
  readonly format: 'tapedeck-context'
  readonly version: 1
  readonly trades: readonly TradeContext[]
  /** How the trades were chosen, in words; null when all are here. */
  readonly chosen: string | null
}
