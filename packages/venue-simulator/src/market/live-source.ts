import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { atTime, isForVenue, type VenueMarketEvent } from './event-time.ts'
import type { PreparedMarketSource } from './market-source.ts'

export type LiveSourceOptions = {
  readonly instruments: readonly Instrument[]
  /** Another venue's stream, e.g. `BinanceLiveFeed.events()`: synced books, prints, marks. */
  readonly events: AsyncIterable<readonly MarketEvent[]>
  /** ms. */
  readonly startTime: number
}

/** What may wait for a venue whose clock stands still. Beyond it the upstream is given up. */
const WAITING_MAX = 500_000

/**
 * Another venue's market, as it happens: whatever has come is there the next time the clock is moved, at
 * the time of that. What clients take does not move it.
 */
export class LiveSource implements PreparedMarketSource {
  readonly instruments: readonly Instrument[]
  readonly startTime: number
  readonly #events: AsyncIterator<readonly MarketEvent[]>
  #waiting: VenueMarketEvent[] = []
  #last: number
  #failure: Error | null = null
  #ended = false

  constructor({ instruments, events, startTime }: LiveSourceOptions) {
    this.instruments = instruments
    this.startTime = startTime
    this.#last = startTime
    this.#events = events[Symbol.asyncIterator]()
    void this.#read()
  }

  get endTime(): number | null {
    return this.#ended && this.#waiting.length === 0 ? this.#last : null
  }

  /** Nothing can be read ahead. Throws what ended the upstream. */
  async prepare(): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    await Promise.resolve()
  }

  advanceTo(time: number): readonly MarketEvent[] {
    const events = this.#waiting.map((event) => {
      // Upstream times where they fit between the last look and this one.
      this.#last = Math.min(time, Math.max(this.#last, event.time ?? 0))
      return atTime(event, this.#last)
    })
    this.#waiting = []
    return events
  }

  taken(): void {}

  async stop(): Promise<void> {
    this.#ended = true
    await this.#events.return?.()
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const page = await this.#events.next()
        if (page.done === true) break
        for (const event of page.value) if (isForVenue(event)) this.#waiting.push(event)
        if (this.#waiting.length > WAITING_MAX)
          throw new Error('the venue does not take what it brings: its clock stands still')
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#failure = new TapedeckError('UPSTREAM_UNAVAILABLE', `the upstream ended: ${reason}`, {
        cause: error,
      })
    }
    this.#ended = true
  }
}
