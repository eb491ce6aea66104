/**
 * Tapes: market data in columns, as backtests read it.
 *
 * Entry points: `openTape` (a folder), `tapeOf`, `tapeOfEvents` (in memory); `convertTape` over a
 * `TapeSource`, `TapeWriter`; `verifyTape`, `limitsOf`.
 * Invariants: a reader gives every event of its source exactly once, with its place in the source's own
 * order; no byte is used before its checksum was found right; a folder without a manifest is not a tape;
 * memory is bounded.
 */
export { tapeOf, tapeOfEvents, type OrderedEvent, type TradeColumnsInput } from './memory-tape.ts'
export type { EventChunk, TapeReader, TimeRange, TradeChunk } from './tape-chunk.ts'
export { convertTape, type ConvertOptions, type Converted } from './convert-tape.ts'
export { FolderTape, openTape } from './open-tape.ts'
export { limitsOf } from './tape-limits.ts'
export { archiveSource, recordingSource, type TapeSource } from './tape-source.ts'
export {
  manifestFingerprint,
  type TapeBatch,
  type TapeFile,
  type TapeGap,
  type TapeLane,
  type TapeManifest,
} from './tape-manifest.ts'
export { TapeWriter, type TapeWriterOptions } from './tape-writer.ts'
export type { TradeRows } from './trade-lane.ts'
export {
  verifyTape,
  type TapeCheck,
  type TapeProblem,
  type VerifyTapeOptions,
} from './verify-tape.ts'
