import type { TradeEvent } from '@tapedeck/core'
import type { VenueClock } from '../../port/venue-clock.ts'

export type TradeRepairOptions = {
  /** Up to 1000 trades from an id on; rejects when the venue does not answer. */
  readonly fetch: (fromId: number) => Promise<TradeEvent[]>
  /** False: they were not taken, and will be asked for again once prints come anew. */
  readonly emit: (trades: readonly TradeEvent[]) => boolean
  /** Attempts and pages before a hole is left to the tape as one. */
  readonly attemptsMax: number
  readonly pagesMax: number
  readonly waitMs: number
  readonly clock: VenueClock
}

/** Prints held while a hole is being filled; beyond it the hole is given up. */
const HELD_MAX = 50_000

/**
 * Fills holes in the aggregate ids by REST before passing on what came after them. What cannot be
 * filled is passed on with its hole, which the tape then reports.
 */
export class TradeRepair {
  readonly #options: TradeRepairOptions
  #lastId: number | null
  #held: TradeEvent[] | null = null

  constructor(options: TradeRepairOptions, lastId: number | null = null) {
    this.#options = options
    this.#lastId = lastId
  }

  /** A print from the stream. Repeated ids pass through: continuity drops and counts them. */
  take(trade: TradeEvent): void {
    if (this.#held !== null) {
      if (this.#held.length < HELD_MAX) this.#held.push(trade)
      else this.#release()
      return
    }
    if (this.#lastId !== null && trade.id > this.#lastId + 1) {
      this.#held = [trade]
      void this.#fill(this.#lastId + 1)
      return
    }
    this.#pass([trade])
  }

  /** False: nobody took them, so they do not count as passed. */
  #pass(trades: readonly TradeEvent[]): boolean {
    if (trades.length > 0 && !this.#options.emit(trades)) return false
    for (const { id } of trades) if (this.#lastId === null || id > this.#lastId) this.#lastId = id
    return true
  }

  /** Passes on what was held; a second hole inside it starts over. */
  #release(): void {
    const held = this.#held ?? []
    this.#held = null
    const [first, ...rest] = held
    if (first === undefined || !this.#pass([first])) return
    for (const trade of rest) this.take(trade)
  }

  async #fill(fromId: number): Promise<void> {
    const { attemptsMax, pagesMax, waitMs, clock } = this.#options
    const held = this.#held
    const until = held?.[0]?.id ?? fromId
    let next = fromId
    let failures = 0
    for (let pages = 0; pages < pagesMax && failures < attemptsMax && next < until; pages++) {
      if (this.#held !== held) return
      try {
        const from = next
        const page = (await this.#options.fetch(from)).filter(({ id }) => id >= from && id < until)
        if (this.#held !== held) break
        // The venue's answers may lag behind its streams: nothing yet is asked for again.
        if (page.length === 0) throw new Error(`no trade from ${from} on`)
        if (!this.#pass(page)) {
          this.#held = null
          return
        }
        next = page.at(-1)!.id + 1
      } catch {
        failures++
        await new Promise<void>((resolve) => clock.after(waitMs * failures, resolve))
      }
    }
    if (this.#held === held) this.#release()
  }
}
