import type { Depth, FeedStatus, VolumeWall } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { VolumeProfile } from '../indicators/index.ts'
import { OrderBook } from '../order-book/index.ts'
import { bookWall, profileWall, type WallConfig, type WallSide } from './volume-wall.ts'

/** Depth is counted this far from mid. */
const DEPTH_FRACTION = 0.001
const DEPTH_LEVELS_MAX = 10_000

export type DepthColumns = Pick<
  Depth,
  'snapshot' | 'bid_ticks' | 'bid_lots' | 'ask_ticks' | 'ask_lots'
>

/** The order book while it can be trusted: from a snapshot until its feed breaks or goes quiet. */
export class RestingBook {
  #book = new OrderBook()
  /** A snapshot came and nothing broke since. */
  #whole = false
  #quiet = false

  /** The book, or null while there is none to be trusted. */
  get current(): OrderBook | null {
    const usable = this.#whole && !this.#quiet && !this.#book.isEmpty() && !this.#book.isCrossed()
    return usable ? this.#book : null
  }

  /** Changes before the first snapshot, or after a break, tell nothing and are dropped. */
  apply(depth: DepthColumns): void {
    const { bid_ticks, bid_lots, ask_ticks, ask_lots } = depth
    if (depth.snapshot) {
      this.#book.applySnapshot(bid_ticks, bid_lots, ask_ticks, ask_lots)
      this.#whole = true
      this.#quiet = false
    } else if (this.#whole) this.#book.applyDelta(bid_ticks, bid_lots, ask_ticks, ask_lots)
  }

  onFeed(status: FeedStatus['status']): void {
    if (status === 'up') this.#quiet = false
    else if (status === 'stale') this.#quiet = true
    else this.#whole = false
  }

  /** The nearest wall: from the book, or without one from the session profile. */
  wall(
    side: WallSide,
    priceTicks: number,
    profile: VolumeProfile,
    binTicks: number,
    config: WallConfig,
  ): VolumeWall | null {
    const book = this.current
    return book === null
      ? profileWall(profile, binTicks, side, priceTicks, config)
      : bookWall(book, side, priceTicks, config)
  }

  /** Distance from best bid to best ask in percent of mid; null without both. */
  spreadPercent(): number | null {
    const bid = this.current?.bestBid() ?? null
    const ask = this.current?.bestAsk() ?? null
    return bid === null || ask === null ? null : ((ask - bid) / ((ask + bid) / 2)) * 100
  }

  /** What rests within 0.1 % of mid on both sides, in ticks x lots; null without a book. */
  depthNearMid(): number | null {
    const book = this.current
    const bid = book?.bestBid() ?? null
    const ask = book?.bestAsk() ?? null
    if (book === null || bid === null || ask === null) return null
    const mid = (bid + ask) / 2
    let resting = 0
    for (const side of ['bid', 'ask'] as const) {
      const { ticks, lots } = book.levels(side, DEPTH_LEVELS_MAX)
      for (let i = 0; i < ticks.length; i++) {
        if (Math.abs(ticks[i]! - mid) > mid * DEPTH_FRACTION) break
        resting += ticks[i]! * lots[i]!
      }
    }
    return resting
  }

  snapshot(): Json {
    return { whole: this.#whole, quiet: this.#quiet, book: this.#book.snapshot() }
  }

  restore(json: Json): void {
    const saved = json as { whole: boolean; quiet: boolean; book: Json }
    this.#whole = saved.whole
    this.#quiet = saved.quiet
    this.#book = OrderBook.restore(saved.book)
  }
}
