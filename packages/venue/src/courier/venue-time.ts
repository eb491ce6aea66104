import type { VenueClock } from '../port/venue-clock.ts'
import { askVenue } from './ask-venue.ts'
import type { VenueQueries } from '../port/venue-port.ts'

/** The venue's clock: asked where it decides something, estimated where it only dates. */
export class VenueTime {
  readonly #venue: Pick<VenueQueries, 'serverTime'>
  readonly #clock: VenueClock
  #ahead = 0

  constructor(venue: Pick<VenueQueries, 'serverTime'>, clock: VenueClock) {
    this.#venue = venue
    this.#clock = clock
  }

  /** Null when the venue does not say. */
  async ask(): Promise<number | null> {
    const before = this.#clock.now()
    const answer = await askVenue(() => this.#venue.serverTime())
    if (answer.outcome === 'unknown') return null
    this.#ahead = answer.value - (before + this.#clock.now()) / 2
    return answer.value
  }

  estimate(): number {
    return Math.round(this.#clock.now() + this.#ahead)
  }
}
