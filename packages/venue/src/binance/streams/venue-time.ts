import type { VenueClock } from '../../port/venue-clock.ts'

/** Estimates the venue's clock from the times in its messages: the fastest of late was the least delayed. */
export class VenueTime {
  readonly #clock: VenueClock
  #offset: number | null = null

  constructor(clock: VenueClock) {
    this.#clock = clock
  }

  note(sentAt: number): void {
    const offset = sentAt - this.#clock.now()
    // Slowly forgotten, so that a clock that was stepped is followed within minutes.
    this.#offset = Math.max(offset, (this.#offset ?? offset) - 1)
  }

  /** Null before anything was heard. */
  now(): number | null {
    return this.#offset === null ? null : this.#clock.now() + this.#offset
  }
}
