import type { Json } from '../decider.ts'
import type { VenueEvent } from '../matching/index.ts'
import type { DeskVenue } from './desk-venue.ts'

const NOTHING: readonly VenueEvent[] = []

/**
 * A venue that is elsewhere. It sends nothing: order events on the tape are the intents, a courier carries
 * them out, and what comes of them is read back as reports. All it knows is the last price.
 */
export class RemoteVenue implements DeskVenue {
  #last: number | null

  constructor(snapshot?: Json) {
    this.#last = (snapshot as { last?: number | null } | undefined)?.last ?? null
  }

  get lastTicks(): number | null {
    return this.#last
  }

  isIdle(): boolean {
    return true
  }

  submit(): void {}

  cancel(): void {}

  onTrade(ticks: number): readonly VenueEvent[] {
    this.#last = ticks
    return NOTHING
  }

  onDepth(): readonly VenueEvent[] {
    return NOTHING
  }

  processNext(): null {
    return null
  }

  fund(): null {
    return null
  }

  snapshot(): Json {
    return { last: this.#last }
  }
}
