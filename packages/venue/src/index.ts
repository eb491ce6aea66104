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
  BinanceLiveFeed,
  BinancePublicRest,
  MarketFrameWriter,
  fieldInvalid,
  gridOf,
  isBinanceReachable,
  readSighted,
  sight,
  snapshotEvent,
  stepsOf,
  toMillis,
  type InstrumentGrid,
  type LiveFeedOptions,
  type MarketFrame,
  type MarketMessageKind,
  type PublicRestOptions,
  type Sighted,
  type VenueFilters,
} from './binance/index.ts'
