/**
 * The tape as server-sent events: from any position, without gap or duplicate, then live.
 *
 * Entry points: `createStreams`, `addStreamRoutes`. Invariants: an event's id is its place on the tape, so a
 * reconnecting client goes on exactly there; a slow client slows its own reading and nobody else's; a
 * stream ends with its credential; every buffer and the number of streams have a bound.
 */
export { addStreamRoutes } from './stream-routes.ts'
export { STREAM_METRICS, createStreams, type Streams } from './streams.ts'
