import type { SimulatedVenue } from '@tapedeck/venue-simulator'
import { writeVenueState, type VenueStateFacts } from './venue-state-file.ts'

/** How soon what happened to an account is on the disk, and how seldom the market alone is, at best. */
const SOON_MS = 1000
const SELDOM_MS = 30_000
const LOOK_MS = 100
/** Writing may take one part in so many of the time: an old venue remembers a lot. */
const SHARE = 20

export interface StateKeeperOptions {
  readonly folder: string
  readonly facts: VenueStateFacts
  readonly venue: Pick<SimulatedVenue, 'snapshot' | 'exchange'>
  /** Writing failed, and is tried again. */
  readonly onProblem: (problem: string) => void
}

/**
 * Keeps a venue's state on the disk: within a second of anything that happens to an account, else every half
 * minute. One write at a time.
 */
export class StateKeeper {
  readonly #options: StateKeeperOptions
  readonly #timer: NodeJS.Timeout
  #writing: Promise<void> | null = null
  #writtenAt = performance.now()
  #tookMs = 0
  #told: number

  constructor(options: StateKeeperOptions) {
    this.#options = options
    this.#told = options.venue.exchange.accountEvents
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  #look(): void {
    const since = performance.now() - this.#writtenAt
    const isNews = this.#options.venue.exchange.accountEvents !== this.#told
    const due = Math.max(isNews ? SOON_MS : SELDOM_MS, SHARE * this.#tookMs)
    if (this.#writing !== null || since < due) return
    this.write().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      this.#options.onProblem(`the state of the venue could not be written: ${reason}`)
    })
  }

  /** Writes now what the venue is now. Throws what keeps it from being written. */
  async write(): Promise<void> {
    await this.#writing?.catch(() => undefined)
    const { folder, facts, venue } = this.#options
    const began = performance.now()
    this.#told = venue.exchange.accountEvents
    this.#writing = writeVenueState(folder, { facts, venue: venue.snapshot() }, new Date())
    this.#tookMs = performance.now() - began
    try {
      await this.#writing
    } finally {
      this.#writing = null
      this.#writtenAt = performance.now()
    }
  }

  /** Writes once more, and no more after that. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.write()
  }
}
