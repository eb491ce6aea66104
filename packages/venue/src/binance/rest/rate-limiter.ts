import type { VenueClock } from '../../port/index.ts'
import { LimitWindow, nextWindow } from './limit-window.ts'

/**
 * `exit`: what lowers risk (cancels, stops, reduce-only orders) and the clock it needs. `entry`: orders
 * that add risk, and what resolves the unknown. `query`: everything that can wait. `market`: what repairs market
 * data, of which a lost connection wants much at once.
 */
export type Urgency = 'exit' | 'entry' | 'query' | 'market'

export type CallCost = {
  /** Weight by IP, of `REQUEST_WEIGHT`. */
  readonly weight: number
  /** Orders of the account, of `ORDERS`. */
  readonly orders: number
}

/** Limits of the account and the address, by the venue's `rateLimits`. */
export type VenueLimits = {
  readonly weightPerMinute: number
  readonly ordersPerTenSeconds: number
  readonly ordersPerMinute: number
}

/** binance-ccxt-facts §2.2, until the venue has told its own. */
export const DEFAULT_LIMITS: VenueLimits = {
  weightPerMinute: 2400,
  ordersPerTenSeconds: 300,
  ordersPerMinute: 1200,
}

/** What part of a limit a call of this urgency may use; the rest is kept for what is more urgent. */
const SHARE: Readonly<Record<Urgency, number>> = {
  exit: 1,
  entry: 0.9,
  query: 0.75,
  market: 0.5,
}
const RANK: Readonly<Record<Urgency, number>> = { exit: 0, entry: 1, query: 2, market: 3 }
const TEN_SECONDS = 10_000
const MINUTE = 60_000

export type Admission =
  | { readonly admitted: true }
  /** `retryInMs`: when it would be let through as things stand; null when never. */
  | { readonly admitted: false; readonly reason: string; readonly retryInMs: number | null }

type Waiting = {
  readonly cost: CallCost
  readonly urgency: Urgency
  readonly deadline: number
  readonly settle: (admission: Admission) => void
}

export type RateLimiterOptions = {
  readonly clock: Pick<VenueClock, 'after'>
  /** Milliseconds by the venue's clock, as well as it is known: limits count by the venue's minutes. */
  readonly venueNow: () => number
  readonly limits?: VenueLimits
}

/**
 * Keeps us below the venue's limits: counts what we send, corrects itself by what the venue says was used
 * (others may share the address), and lets urgent calls pass. A call that would wait longer than it can
 * is refused without having been sent.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions
  readonly #weight: LimitWindow
  readonly #tenSeconds: LimitWindow
  readonly #minute: LimitWindow
  #waiting: Waiting[] = []
  #pausedUntil = 0
  #ordersPausedUntil = 0
  #cancelTimer: (() => void) | null = null

  constructor(options: RateLimiterOptions) {
    this.#options = options
    const limits = options.limits ?? DEFAULT_LIMITS
    this.#weight = new LimitWindow(MINUTE, limits.weightPerMinute)
    this.#tenSeconds = new LimitWindow(TEN_SECONDS, limits.ordersPerTenSeconds)
    this.#minute = new LimitWindow(MINUTE, limits.ordersPerMinute)
  }

  /** Resolves when the call may be sent, and counts it; at once where nothing stands in the way. */
  admit(cost: CallCost, urgency: Urgency, patienceMs: number): Promise<Admission> {
    const now = this.#options.venueNow()
    const deadline = now + patienceMs
    return new Promise((settle) => {
      const one: Waiting = { cost, urgency, deadline, settle }
      const after = this.#waiting.findIndex((other) => RANK[other.urgency] > RANK[urgency])
      this.#waiting.splice(after === -1 ? this.#waiting.length : after, 0, one)
      this.#pump()
    })
  }

  /** What the venue told of the window in which a call was sent. Null: it told nothing. */
  observe(
    sentAt: number,
    used: {
      readonly weight: number | null
      readonly orders10s: number | null
      readonly orders1m: number | null
    },
  ): void {
    const now = this.#options.venueNow()
    this.#weight.correct(sentAt, now, used.weight)
    this.#tenSeconds.correct(sentAt, now, used.orders10s)
    this.#minute.correct(sentAt, now, used.orders1m)
  }

  setLimits(limits: VenueLimits): void {
    this.#weight.limit = limits.weightPerMinute
    this.#tenSeconds.limit = limits.ordersPerTenSeconds
    this.#minute.limit = limits.ordersPerMinute
  }

  /** Nothing is sent before `until`, by the venue's clock. A shorter pause than the one in force is ignored. */
  pause(until: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, until)
  }

  /** No order is sent before `until`; everything else is. */
  pauseOrders(until: number): void {
    this.#ordersPausedUntil = Math.max(this.#ordersPausedUntil, until)
  }

  /** The next full minute, by the venue's clock: when weights are forgiven. */
  nextMinute(): number {
    return nextWindow(this.#options.venueNow(), MINUTE)
  }

  nextTenSeconds(): number {
    return nextWindow(this.#options.venueNow(), TEN_SECONDS)
  }

  /** What was used of the limits in force now, and until when nothing is sent; for metrics. */
  usage(): {
    weight: number
    weightLimit: number
    orders10s: number
    orders1m: number
    pausedUntil: number
  } {
    const now = this.#options.venueNow()
    return {
      weight: this.#weight.usedAt(now),
      weightLimit: this.#weight.limit,
      orders10s: this.#tenSeconds.usedAt(now),
      orders1m: this.#minute.usedAt(now),
      pausedUntil: this.#pausedUntil,
    }
  }

  /** Refuses whatever waits. */
  close(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    const waiting = this.#waiting
    this.#waiting = []
    const closed = { admitted: false, reason: 'the adapter was closed', retryInMs: null } as const
    for (const one of waiting) one.settle(closed)
  }

  /** Null when the call may go now; else when it may at the earliest. */
  #earliest({ cost, urgency }: Waiting, now: number): number | null {
    const share = SHARE[urgency]
    const from = [
      this.#pausedUntil,
      cost.orders > 0 ? this.#ordersPausedUntil : 0,
      this.#weight.freeAt(now, cost.weight, share),
      this.#tenSeconds.freeAt(now, cost.orders, share),
      this.#minute.freeAt(now, cost.orders, share),
    ]
    const earliest = Math.max(...from)
    return earliest <= now ? null : earliest
  }

  #pump(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    const now = this.#options.venueNow()
    let wakeAt = Infinity
    // Rank by rank, first come first: what is urgent has taken its share before others are looked at.
    this.#waiting = this.#waiting.filter((one) => {
      const earliest = this.#earliest(one, now)
      if (earliest === null) {
        this.#weight.take(now, one.cost.weight)
        this.#tenSeconds.take(now, one.cost.orders)
        this.#minute.take(now, one.cost.orders)
        one.settle({ admitted: true })
        return false
      }
      if (earliest > one.deadline) {
        const wait = Math.ceil(earliest - now)
        const reason = `the venue's limits allow it in ${wait} ms`
        one.settle({ admitted: false, reason, retryInMs: wait })
        return false
      }
      wakeAt = Math.min(wakeAt, earliest)
      return true
    })
    if (this.#waiting.length === 0) return
    this.#cancelTimer = this.#options.clock.after(Math.max(1, Math.ceil(wakeAt - now)), () => {
      this.#cancelTimer = null
      this.#pump()
    })
  }
}
