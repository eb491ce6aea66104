import type { ServableVenue } from '../sockets/servable-venue.ts'
import type { VenuePace } from '../venue/venue-pace.ts'
import type { MarketSource, PreparedMarketSource } from './market-source.ts'

export type VenuePacerOptions = {
  readonly venue: Pick<ServableVenue, 'time' | 'advanceTo'> & {
    /** Looked at with every move. */
    readonly pace: VenuePace
    /** Read ahead where it has to be. */
    readonly source: MarketSource | PreparedMarketSource | null
  }
  /** How often the clock is moved, wall ms. Default 10. */
  readonly everyMs?: number
  /** The source cannot be read any further, or the venue threw; the clock stands still from then on. */
  readonly onFailure?: (error: Error) => void
  /** The source has no more to tell; the clock goes on. */
  readonly onEnd?: () => void
}

/** The clock is moved in stretches, for so long at once; requests and frames want their turn. */
const STRETCH_MS = 100
const MOVE_MS_MAX = 20

/**
 * Moves a venue's clock as its pace says: wall time times a speed, or not at all but for single steps.
 * Whoever steps the clock by hand needs no pacer; both together are fine, since the clock never goes back.
 */
export class VenuePacer {
  readonly #options: VenuePacerOptions
  readonly #timer: NodeJS.Timeout
  #wallAt = performance.now()
  /** Where the clock would be with its fractions of a millisecond. */
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
      const { venue } = this.#options
      const { source } = venue
      const time = this.#target()
      if (source !== null && 'prepare' in source) await source.prepare(time)
      if (this.#isStopped) return
      this.#advance(time)
      if (this.#hasEnded || source === null || source.endTime === null) return
      this.#hasEnded = true
      this.#options.onEnd?.()
    } catch (error) {
      this.stop()
      this.#options.onFailure?.(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#isBusy = false
    }
  }

  /** A clock that is to go faster than the venue can be computed goes as fast as it can. */
  #advance(time: number): void {
    const { venue } = this.#options
    const enough = performance.now() + MOVE_MS_MAX
    for (let at = venue.time; at < time; at = venue.time) {
      if (performance.now() > enough) {
        this.#venueAt = at
        return
      }
      venue.advanceTo(Math.min(time, at + STRETCH_MS))
    }
  }

  /** Wall time since the last move, sped up: a clock that was stepped ahead goes on from there. */
  #target(): number {
    const { time, pace } = this.#options.venue
    const wall = performance.now()
    const passed = (wall - this.#wallAt) * pace.speed
    this.#wallAt = wall
    if (pace.isPaused) {
      const target = Math.max(time, pace.stepTo ?? 0)
      pace.stepTo = null
      this.#venueAt = target
      return target
    }
    this.#venueAt = Math.max(this.#venueAt, time) + passed
    return Math.floor(this.#venueAt)
  }
}
