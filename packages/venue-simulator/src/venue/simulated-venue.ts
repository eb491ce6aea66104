import type { MarketEvent } from '@tapedeck/core'
import type { VenueFaults } from '../faults/fault-hooks.ts'
import type { ServableVenue } from '../sockets/servable-venue.ts'
import type { AccountSpec, KeySpec } from './account-spec.ts'
import type { VenueRequest, VenueResponse } from './venue-request.ts'

/**
 * A whole venue in one's hand: REST, streams, matching, accounts, faults and a clock that is moved from
 * outside. Synchronous and deterministic: the same calls give the same answers and frames.
 */
export interface SimulatedVenue extends ServableVenue {
  /** What goes wrong, when, and how often it did. */
  readonly faults: VenueFaults
  /** Throws a RangeError when the account or the key exists, or the balance is no positive decimal. */
  addAccount(spec: AccountSpec): void
  /** Throws a RangeError when the account does not exist or the key does. */
  addKey(spec: KeySpec): void
  /**
   * Market events pushed from outside, oldest first, beside or instead of a source. The clock moves to the
   * time of each; what is older than the clock happens now.
   */
  applyMarket(events: readonly MarketEvent[]): void
  /** A request to `/sim/v1/...`: docs/venue-simulator.md. */
  control(request: VenueRequest): VenueResponse
}
