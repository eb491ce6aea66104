/**
 * Venues: the port, and what implements it. Invariant: an outcome is known or unknown, never guessed.
 */
export {
  known,
  lookAtVenue,
  unknown,
  type CancelAnswer,
  type CancelRequest,
  type FoundOrder,
  type OrderAnswer,
  type OrderRequest,
  type VenuePort,
  type VenueQueries,
  type VenueResult,
} from './port.ts'
export { createPaperQueries, venueSubject, type SnapshotProvider } from './paper/index.ts'
export {
  MarketFrameWriter,
  fieldInvalid,
  gridOf,
  readSighted,
  sight,
  snapshotEvent,
  stepsOf,
  toMillis,
  type InstrumentGrid,
  type MarketFrame,
  type MarketMessageKind,
  type Sighted,
} from './binance/index.ts'
