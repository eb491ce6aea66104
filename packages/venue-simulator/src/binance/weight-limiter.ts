import { API_ERRORS } from './api-error.ts'
import { ClockWindow, type SavedWindow } from './clock-window.ts'

const MINUTE = 60_000
const DAY = 86_400_000
export const WEIGHT_PER_MINUTE = 2400
/** Requests that are turned away in one minute before the address is banned. */
const PATIENCE = 100
const BAN_FIRST_MS = 2 * MINUTE
const BAN_LONGEST_MS = 3 * DAY

/** Funding rates and funding information share this many requests in five minutes. */
const FUNDING_REQUESTS = 500
const FUNDING_WINDOW_MS = 5 * MINUTE

/** Addresses that are remembered; the oldest one is forgotten first. */
const REMOTES_MAX = 10_000

type Remote = {
  readonly funding: ClockWindow
  readonly weight: ClockWindow
  readonly turnedAway: ClockWindow
  bannedUntil: number
  nextBanMs: number
}

export type SavedWeights = readonly {
  readonly remote: string
  readonly funding: SavedWindow
  readonly weight: SavedWindow
  readonly turnedAway: SavedWindow
  readonly bannedUntil: number
  readonly nextBanMs: number
}[]

/**
 * Request weight by address (binance-ccxt-facts §2.3): above the limit 429 until the next minute; who goes on
 * regardless is banned, two minutes first and twice as long each time, up to three days.
 */
export class WeightLimiter {
  readonly limit: number
  readonly #remotes = new Map<string, Remote>()

  constructor(limit: number = WEIGHT_PER_MINUTE) {
    this.limit = limit
  }

  /** Weight used in the minute of `time`. */
  used(remote: string, time: number): number {
    return this.#remotes.get(remote)?.weight.used(time) ?? 0
  }

  /** Counts a request. Throws -1003 with 429, or with 418 while the address is banned. */
  take(remote: string, weight: number, time: number): void {
    const one = this.#of(remote)
    if (time < one.bannedUntil) throw API_ERRORS.banned(remote, one.bannedUntil)
    if (one.weight.add(weight, time) <= this.limit) return
    if (one.turnedAway.add(1, time) <= PATIENCE) throw API_ERRORS.tooMuchWeight(remote, this.limit)
    one.bannedUntil = time + one.nextBanMs
    one.nextBanMs = Math.min(2 * one.nextBanMs, BAN_LONGEST_MS)
    throw API_ERRORS.banned(remote, one.bannedUntil)
  }

  /** Counts a request to the funding endpoints. Throws -1003 with 429. */
  takeFunding(remote: string, time: number): void {
    if (this.#of(remote).funding.add(1, time) > FUNDING_REQUESTS)
      throw API_ERRORS.tooMuchWeight(remote, FUNDING_REQUESTS / 5)
  }

  snapshot(): SavedWeights {
    return [...this.#remotes].map(([remote, one]) => ({
      remote,
      funding: one.funding.snapshot(),
      weight: one.weight.snapshot(),
      turnedAway: one.turnedAway.snapshot(),
      bannedUntil: one.bannedUntil,
      nextBanMs: one.nextBanMs,
    }))
  }

  restore(saved: SavedWeights): void {
    for (const { remote, funding, weight, turnedAway, bannedUntil, nextBanMs } of saved) {
      const one = this.#of(remote)
      one.funding.restore(funding)
      one.weight.restore(weight)
      one.turnedAway.restore(turnedAway)
      one.bannedUntil = bannedUntil
      one.nextBanMs = nextBanMs
    }
  }

  #of(remote: string): Remote {
    const known = this.#remotes.get(remote)
    if (known !== undefined) return known
    const [oldest] = this.#remotes.keys()
    if (this.#remotes.size >= REMOTES_MAX && oldest !== undefined) this.#remotes.delete(oldest)
    const made = {
      funding: new ClockWindow(FUNDING_WINDOW_MS),
      weight: new ClockWindow(MINUTE),
      turnedAway: new ClockWindow(MINUTE),
      bannedUntil: 0,
      nextBanMs: BAN_FIRST_MS,
    }
    this.#remotes.set(remote, made)
    return made
  }
}
