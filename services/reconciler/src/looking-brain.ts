import { type Message, type Output, isType } from '@tapedeck/contracts'
import {
  type Json,
  type Reconciler,
  type VenueSnapshot,
  type SymbolsByVenue,
  createReconcilerDecider,
  mergeSnapshots,
  symbolsByVenue,
} from '@tapedeck/core'
import type { Brain, Clock } from '@tapedeck/runtime'
import type { VenueResult } from '@tapedeck/venue'
import type { decides } from './config.ts'

export interface Looking {
  readonly config: ReturnType<typeof decides>
  /** The venue's books on these symbols, fills since then; the paper venue answers like a real one. */
  readonly look: (
    venue: string,
    symbols: readonly string[],
    since: number,
  ) => Promise<VenueResult<VenueSnapshot>>
  readonly clock: Clock
  readonly stopping: AbortSignal
  /** Told after each attempt: did the venue answer? */
  readonly onLook: (answered: boolean, detail: string) => void
  /** Told how many break attempts wait for their outcome. */
  readonly onOpenAttempts: (open: number) => void
}

/** How long a look may hold up the tape while the market runs; in lockstep it waits for the answer. */
const LOOK_MS_MAX = 5_000
const RETRY_MS = 200
/** After a look without an answer everything else goes on for this long, so that an absent venue holds up nothing. */
const PAUSE_MS = 5_000

/**
 * The reconciler's decider with eyes: when a look is due it asks the venue before it goes on. An answer
 * that does not come leaves the look due; nothing is guessed, and trading stays halted until the first
 * one has come.
 */
export class LookingBrain implements Brain {
  readonly #looking: Looking
  readonly #reconciler: Reconciler
  #symbols: SymbolsByVenue
  #lockstep: boolean
  /** No look before this, by the monotonic clock. */
  #lookAgainAt = 0

  constructor(looking: Looking, snapshot: Json | undefined) {
    const saved = snapshot as
      | { reconciler: Json; symbols: SymbolsByVenue; lockstep: boolean }
      | undefined
    this.#looking = looking
    this.#reconciler = createReconcilerDecider(looking.config, saved?.reconciler)
    this.#symbols = saved?.symbols ?? {}
    this.#lockstep = saved?.lockstep ?? false
  }

  async handle(message: Message): Promise<Output[]> {
    if (isType(message, 'market.run.started')) {
      this.#lockstep = message.payload.lockstep
      this.#symbols = symbolsByVenue(message.payload)
    }
    const outputs = this.#reconciler.handle(message)
    this.#looking.onOpenAttempts(this.#reconciler.openAttempts)
    const due = this.#reconciler.due()
    if (due === null || this.#isPaused) return outputs
    const theirs = await this.#look(due.since)
    if (theirs !== null)
      return [...outputs, ...this.#reconciler.compare(theirs, message.occurred_at)]
    this.#lookAgainAt = this.#looking.clock.monotonic() + PAUSE_MS
    return outputs
  }

  get #isPaused(): boolean {
    return !this.#lockstep && this.#looking.clock.monotonic() < this.#lookAgainAt
  }

  snapshot(): Json {
    return {
      reconciler: this.#reconciler.snapshot(),
      symbols: this.#symbols as unknown as Json,
      lockstep: this.#lockstep,
    }
  }

  /** The venue's books, or null when it did not answer in time. */
  async #look(since: number): Promise<VenueSnapshot | null> {
    const { clock, stopping, onLook } = this.#looking
    const deadline = clock.monotonic() + LOOK_MS_MAX
    for (;;) {
      const answer = await this.#ask(since)
      onLook(answer.outcome === 'known', answer.outcome === 'known' ? 'ok' : answer.detail)
      if (answer.outcome === 'known') return answer.value
      if (stopping.aborted || (!this.#lockstep && clock.monotonic() > deadline)) return null
      await clock.sleep(RETRY_MS, stopping)
    }
  }

  async #ask(since: number): Promise<VenueResult<VenueSnapshot>> {
    const snapshots: VenueSnapshot[] = []
    for (const [venue, symbols] of Object.entries(this.#symbols)) {
      const answer = await this.#looking.look(venue, symbols, since)
      if (answer.outcome === 'unknown') return answer
      snapshots.push(answer.value)
    }
    return { outcome: 'known', value: mergeSnapshots(snapshots) }
  }
}
