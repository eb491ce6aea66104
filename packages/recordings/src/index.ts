/**
 * Sources of market data: recordings of every kind, as market events in the order they were received.
 *
 * Entry points: `openRecording` (any file, recognised by content), `recordingFingerprint` (for run ids),
 * `generatedMarket` (the seeded market), `writeRawRecording`.
 * Invariants: a source never skips what it cannot read, it stops there and says where; everything
 * before that place has been yielded; memory is bounded.
 */
export {
  detectFormat,
  openRecording,
  type Recording,
  type RecordingFormat,
  type RecordingOptions,
} from './open-recording.ts'
export { recordingFingerprint, recordingKey, recordingRunId } from './recording-fingerprint.ts'
export { generatedMarket } from './generated.ts'
export { writeRawRecording, type RawRecordingTarget } from './write-raw-recording.ts'
export type { TradeColumns } from './trade-columns.ts'
