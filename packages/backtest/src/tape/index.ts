/**
 * Tapes: market data in columns, as backtests read it.
 *
 * Entry points: `openTape` (a folder), `tapeOf`, `tapeOfEvents` (in memory), `TapeWriter`.
 * Invariants: a reader gives every event of its source exactly once, with its place in the source's own
 * order; no byte is used before its checksum was found right; a folder without a manifest is not a tape;
 * memory is bounded.
 */
export { tapeOf, tapeOfEvents, type OrderedEvent, type TradeColumnsInput } from './memory-tape.ts'
export type { EventChunk, TapeReader, TimeRange, TradeChunk } from './tape-chunk.ts'
export { FolderTape, openTape } from './open-tape.ts'
export type { TapeBatch, TapeFile, TapeGap, TapeLane, TapeManifest } from './tape-manifest.ts'
export { TapeWriter, type TapeWriterOptions } from './tape-writer.ts'
export type { TradeRows } from './trade-lane.ts'
