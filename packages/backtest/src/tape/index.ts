/**
 * Tapes: market data in columns, as backtests read it.
 *
 * Entry points: `tapeOf`, `tapeOfEvents` (in memory). Invariants: a reader gives every event of its source
 * exactly once, with its place in the source's own order; memory is bounded.
 */
export { tapeOf, tapeOfEvents, type OrderedEvent, type TradeColumnsInput } from './memory-tape.ts'
export type { EventChunk, TapeReader, TimeRange, TradeChunk } from './tape-chunk.ts'
