import type { ServableVenue } from '../sockets/servable-venue.ts'
import type { MarketSource, PreparedMarketSource } from './market-source.ts'

export type VenuePacerOptions = {
  readonly venue: Pick<ServableVenue, 'time' | 'advanceTo'>
  /** The venue's source, when it has to be read ahead. */
  readonly source?: MarketSource | PreparedMarketSource
  /** Venue milliseconds that pass in one of the wall. Default 1. */
  readonly speed?: number
  /** How often the clock is moved, wall ms. Default 10. */
  readonly everyMs?: number
  /** The source cannot be read any further, or the venue threw; the clock stands still from then on. */
  readonly onFailure?: (error: Error) => void
  /** The source has no more to tell; the clock goes on. */
  readonly onEnd?: () => void
}

/**
 * Moves a venue's clock: wall time, times a speed. Whoever steps the clock by hand has no pacer; both
 * together are fine as well, since the clock never goes back.
 */
export class VenuePacer {
  readonly #options: VenuePacerOptions
  readonly #timer: NodeJS.Timeout
  #wallAt = performance.now()
  #venueAt: number
  #isBusy = false
  #isStopped = false
  #hasEnded = false

  constructor(options: VenuePacerOptions) {
    this.#options = options
    this.#venueAt = options.venue.time
    this.#timer = setInterval(() => void this.#move(), options.everyMs ?? 10)
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  async #move(): Promise<void> {
    if (this.#isBusy || this.#isStopped) return
    this.#isBusy = true
    try {
      const { venue, source } = this.#options
      const time = this.#target()
      if (source !== undefined && 'prepare' in source) await source.prepare(time)
      if (this.#isStopped) return
      venue.advanceTo(time)
      if (!this.#hasEnded && source !== undefined && source.endTime !== null) {
        this.#hasEnded = true
        this.#options.onEnd?.()
      }
    } catch (error) {
      this.stop()
      this.#options.onFailure?.(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#isBusy = false
    }
  }

  /** Wall time since the last move, sped up: a clock that was stepped ahead goes on from there. */
  #target(): number {
    const wall = performance.now()
    const passed = (wall - this.#wallAt) * (this.#options.speed ?? 1)
    const from = Math.max(this.#venueAt, this.#options.venue.time)
    const time = Math.floor(from + passed)
    if (time > from) {
      this.#wallAt = wall
      this.#venueAt = from + passed
    }
    return time
  }
}
