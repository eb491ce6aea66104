import type { MarketEvent } from '@tapedeck/core'

/**
 * The latest time that a source has told, over all kinds and symbols: gives a place in time to events that
 * have none of their own (quotes, feed states, spot snapshots). Never falls.
 */
export class EventClock {
  #reached = -Infinity
  #first: number | null = null

  /** The first time that was told, which is also the place of what came before it; 0 when none was. */
  get first(): number {
    return this.#first ?? 0
  }

  reach(time: number): void {
    this.#first ??= time
    if (time > this.#reached) this.#reached = time
  }

  /** The time reached with this event; null before any was told. */
  of(event: MarketEvent): number | null {
    const time = timeOf(event)
    if (time !== null) this.reach(time)
    return this.#first === null ? null : this.#reached
  }
}

/** The time that an event tells itself, ms; of a bar when it opened. Null where it tells none. */
export const timeOf = (event: MarketEvent): number | null => {
  if (event.kind === 'bar') return event.bar.openTime
  return 'time' in event ? event.time : null
}
