import type { StreamConnection, StreamSink } from '../venue/stream-sink.ts'
import type { Delivery, VenueRequest } from '../venue/venue-request.ts'

/** What the servers need of a venue: `SimulatedVenue` is one. `path` and `query` as in `VenueRequest`. */
export interface ServableVenue {
  /** The venue's clock, ms. */
  readonly time: number
  /** Venue milliseconds that pass in one of the wall: how long a late answer is late. Absent: 1. */
  readonly pace?: { readonly speed: number }
  /** Everything that happens up to `time` happens. Times before the clock are ignored. */
  advanceTo(time: number): void
  request(request: VenueRequest): Delivery
  /**
   * The HTTP status by which a connection is turned away; null when it is let in. `remote`: the address that
   * tries, where that counts.
   */
  refusesConnection(path: string, query: string, remote?: string): number | null
  connect(path: string, query: string, sink: StreamSink, remote?: string): StreamConnection
}
