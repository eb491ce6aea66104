/**
 * A Binance-compatible USD-M futures exchange on localhost, for whoever trades against Binance and wants
 * to know what happens when it does not behave.
 *
 * Layers: `exchange` (matching, margin, funding, liquidation; pure), `binance` (its REST words), `ws-api` (the
 * same over WebSocket), `sockets` (streams, HTTP), `market` (where prices come from), `faults` (what goes wrong,
 * by a seed), `venue` (all of it as one thing that a test can hold in its hand). Invariant: the same seed and the
 * same requests at the same times give the same answers and streams.
 */
export { SimulatedVenue } from './venue/simulated-venue.ts'
export type { SimulatedVenueOptions } from './venue/venue-options.ts'
export { VENUE_STATE_VERSION, type SavedVenue } from './venue/saved-venue.ts'
export type { AccountSpec, KeyPermission, KeySpec } from './venue/account-spec.ts'
export type { VenuePace } from './venue/venue-pace.ts'
export { sign } from './binance/index.ts'
export type { Delivery, VenueRequest, VenueResponse } from './venue/venue-request.ts'
export type { StreamConnection, StreamSink } from './venue/stream-sink.ts'
export {
  STREAM_LIMITS,
  StreamHub,
  startVenueServer,
  type ListenKeys,
  type MarketView,
  type ServableVenue,
  type StreamHubOptions,
  type StreamLimits,
  type VenueServer,
  type VenueServerOptions,
} from './sockets/index.ts'
export {
  GeneratedSource,
  LiveSource,
  RecordingSource,
  VenuePacer,
  clientTakes,
  gridsOf,
  type ClientTake,
  type GeneratedSourceOptions,
  type GeneratedSymbol,
  type LiveSourceOptions,
  type MarketSource,
  type PreparedMarketSource,
  type RecordingSourceOptions,
  type SavedGeneratedSource,
  type SavedRecordingSource,
  type VenuePacerOptions,
} from './market/index.ts'
export {
  FAULT_FACTS,
  FAULT_PRESETS,
  Fault,
  FaultEngine,
  FaultPlan,
  checkFaultPlan,
  parseFaultPlan,
  parsePlannedFault,
  presetPlan,
  type FaultFacts,
  type FaultKind,
  type FaultPlace,
  type FaultPlanInput,
  type PlannedFault,
  type PlannedFaultInput,
  type StandingFault,
  type VenueFaults,
} from './faults/index.ts'
export { Exchange, listInstrument, type ExchangeInstrument } from './exchange/index.ts'
export { createPaperVenue, type PaperVenue, type PaperVenueOptions } from './port/index.ts'
