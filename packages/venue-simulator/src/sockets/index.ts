/**
 * The simulated venue's streams, and the servers around the whole of it.
 *
 * Entry points: `StreamHub` (connections, subscriptions, payloads; no sockets, time is an input),
 * `startVenueServer` (REST and streams on one port). Invariants: an acknowledgement comes before the first
 * payload; a stream on the wrong route is acknowledged and silent; what a reader does not take is bounded,
 * then it is cut off; the servers know no rule of the venue.
 */
export { earlier } from './beat.ts'
export { ConnectionLife, type LifeSign } from './connection-life.ts'
export { DelayedMessages } from './delayed-messages.ts'
export { StreamHub } from './stream-hub.ts'
export type { SavedStreams, StreamHubOptions } from './stream-hub-options.ts'
export { STREAM_LIMITS, type StreamLimits } from './stream-limits.ts'
export type { ListenKeys } from './listen-keys.ts'
export type { MarketView } from './market-view.ts'
export type { ServableVenue } from './servable-venue.ts'
export {
  startVenueServer,
  type VenueServer,
  type VenueServerOptions,
} from './start-venue-server.ts'
