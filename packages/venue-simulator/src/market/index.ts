/**
 * Where the simulated venue's prices come from, and what moves its clock.
 *
 * Entry points: `GeneratedSource` (from a seed; moved by what clients take), `RecordingSource`,
 * `LiveSource` (another venue's stream), `clientTakes` (what they are told), `VenuePacer` (wall time times
 * a speed). Invariants: events in the order of time; a source is pulled, never pushes; the same seed and
 * the same takes give the same events.
 */
export type { ClientTake, MarketSource, PreparedMarketSource } from './market-source.ts'
export { clientTakes, gridsOf } from './client-takes.ts'
export {
  GeneratedSource,
  type GeneratedSourceOptions,
  type GeneratedSymbol,
  type SavedGeneratedSource,
} from './generated-source.ts'
export {
  RecordingSource,
  type RecordingSourceOptions,
  type SavedRecordingSource,
} from './recording-source.ts'
export { LiveSource, type LiveSourceOptions } from './live-source.ts'
export { VenuePacer, type VenuePacerOptions } from './venue-pacer.ts'
