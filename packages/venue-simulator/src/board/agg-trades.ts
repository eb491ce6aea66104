import type { PublicTrade } from './public-news.ts'

/** Consecutive prints of one price and side within 100 ms. */
export type AggTrade = {
  readonly id: number
  readonly priceTicks: number
  readonly lots: number
  readonly firstTradeId: number
  readonly lastTradeId: number
  /** Of the first print. */
  readonly time: number
  readonly buyerIsMaker: boolean
}

export const AGGREGATION_MS = 100
/** Kept for questions; the venue keeps 48 hours. */
const KEPT = 100_000

const windowOf = (time: number): number => Math.floor(time / AGGREGATION_MS)

/**
 * Aggregate trades as the venue tells them: fills of one price and taking side within 100 ms are one.
 * Prints outside the market are in none of them (binance-ccxt-facts §1.4).
 */
export class AggTrades {
  #nextId: number
  #pending: { -readonly [K in keyof AggTrade]: AggTrade[K] } | null = null
  #done: AggTrade[] = []

  constructor(firstId: number) {
    this.#nextId = firstId
  }

  /** When the pending one is over at the latest; null when none is. */
  get due(): number | null {
    return this.#pending === null ? null : (windowOf(this.#pending.time) + 1) * AGGREGATION_MS
  }

  /** Time passes: the aggregate that ended by then, if any. */
  advanceTo(time: number): AggTrade | null {
    return this.due !== null && time >= this.due ? this.#finish() : null
  }

  /** A print; the aggregate that it ended, if any. */
  push(trade: PublicTrade): AggTrade | null {
    if (trade.outside) return null
    const pending = this.#pending
    if (
      pending !== null &&
      pending.priceTicks === trade.priceTicks &&
      pending.buyerIsMaker === trade.buyerIsMaker &&
      windowOf(pending.time) === windowOf(trade.time)
    ) {
      pending.lots += trade.lots
      pending.lastTradeId = trade.id
      return null
    }
    const ended = this.#finish()
    this.#pending = {
      id: this.#nextId++,
      priceTicks: trade.priceTicks,
      lots: trade.lots,
      firstTradeId: trade.id,
      lastTradeId: trade.id,
      time: trade.time,
      buyerIsMaker: trade.buyerIsMaker,
    }
    return ended
  }

  #finish(): AggTrade | null {
    const ended = this.#pending
    this.#pending = null
    if (ended === null) return null
    this.#done.push(ended)
    if (this.#done.length > 2 * KEPT) this.#done = this.#done.slice(-KEPT)
    return ended
  }

  /** Up to `limit` finished ones from an id on, oldest first. */
  from(id: number, limit: number): readonly AggTrade[] {
    const at = this.#done.findIndex((one) => one.id >= id)
    return at < 0 ? [] : this.#done.slice(at, at + limit)
  }

  /** Up to `limit` finished ones with `start <= time <= end`, oldest first. */
  between(start: number, end: number, limit: number): readonly AggTrade[] {
    return this.#done.filter(({ time }) => time >= start && time <= end).slice(0, limit)
  }

  /** The last `limit` finished ones, oldest first. */
  last(limit: number): readonly AggTrade[] {
    return this.#done.slice(-limit)
  }
}
