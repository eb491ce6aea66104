import type { Depth, Side } from '@tapedeck/contracts'
import { OrderBook } from '../order-book/index.ts'
import type { Json } from '../decider.ts'

/** A change of the book, or all of it. */
export type DepthChange = {
  readonly snapshot: boolean
  readonly time: number
  readonly bidTicks: readonly number[]
  readonly bidLots: readonly number[]
  readonly askTicks: readonly number[]
  readonly askLots: readonly number[]
}

/** A book message as the matching engine takes it. */
export const toDepthChange = (depth: Depth): DepthChange => ({
  snapshot: depth.snapshot,
  time: depth.time,
  bidTicks: depth.bid_ticks,
  bidLots: depth.bid_lots,
  askTicks: depth.ask_ticks,
  askLots: depth.ask_lots,
})

/** What can be taken at a price. */
export type ShownLevel = { readonly ticks: number; readonly lots: number }

/** How deep a single order may walk. */
const LEVELS_WALKED_MAX = 200
/** The best level is nearly always among the first few. */
const LEVELS_LOOKED_AT_FIRST = 4

type TakenJson = [number, number][]
type LiquidityJson = { book: Json; at: number; takenBids: TakenJson; takenAsks: TakenJson }

/**
 * The book as our orders see it: what others display, less what we have already taken from it. The
 * real book does not know of our paper fills, so a level that we took stays taken until it is told anew.
 */
export class DisplayedLiquidity {
  #book = new OrderBook()
  #at = -1
  #takenBids = new Map<number, number>()
  #takenAsks = new Map<number, number>()

  apply(change: DepthChange): void {
    const { bidTicks, bidLots, askTicks, askLots } = change
    if (change.snapshot) {
      this.#book.applySnapshot(bidTicks, bidLots, askTicks, askLots)
      this.#takenBids.clear()
      this.#takenAsks.clear()
    } else {
      this.#book.applyDelta(bidTicks, bidLots, askTicks, askLots)
      if (this.#takenBids.size > 0) for (const ticks of bidTicks) this.#takenBids.delete(ticks)
      if (this.#takenAsks.size > 0) for (const ticks of askTicks) this.#takenAsks.delete(ticks)
    }
    this.#at = change.time
  }

  /**
   * False while the book is crossed. With a greatest age also without a book, with one that is older, and
   * with a one-sided one; without (`null`) the book is the venue's own and as good as it is.
   */
  isUsable(at: number, ageMsMax: number | null): boolean {
    if (ageMsMax === null) return !this.#book.isCrossed()
    return (
      this.#at >= 0 &&
      at - this.#at <= ageMsMax &&
      this.#book.bestBid() !== null &&
      this.#book.bestAsk() !== null &&
      !this.#book.isCrossed()
    )
  }

  /** Time of the last change; -1 without a book. */
  get at(): number {
    return this.#at
  }

  /** Lots displayed by others at a price on the side where an order of `side` would rest. */
  lotsResting(side: Side, ticks: number): number {
    return this.#book.lotsAt(side === 'BUY' ? 'bid' : 'ask', ticks)
  }

  /** Lots that are left to take at a price, on the side where an order of `side` would rest. */
  lotsLeft(side: Side, ticks: number): number {
    const taken = side === 'BUY' ? this.#takenBids : this.#takenAsks
    return this.lotsResting(side, ticks) - (taken.get(ticks) ?? 0)
  }

  /** The best level that an order of `side` can take from, not beyond `limitTicks`; null when there is none. */
  best(side: Side, limitTicks: number | null): ShownLevel | null {
    const opposite = side === 'BUY' ? 'ask' : 'bid'
    const taken = side === 'BUY' ? this.#takenAsks : this.#takenBids
    for (let depth = LEVELS_LOOKED_AT_FIRST; ; depth = LEVELS_WALKED_MAX) {
      const { ticks, lots } = this.#book.levels(opposite, depth)
      for (let i = 0; i < ticks.length; i++) {
        const price = ticks[i]!
        if (limitTicks !== null && (side === 'BUY' ? price > limitTicks : price < limitTicks))
          return null
        const left = lots[i]! - (taken.get(price) ?? 0)
        if (left > 0) return { ticks: price, lots: left }
      }
      if (ticks.length < depth || depth === LEVELS_WALKED_MAX) return null
    }
  }

  /** Lots that an order of `side` could take, not beyond `limitTicks`; stops looking at `enough`. */
  lotsWithin(side: Side, limitTicks: number | null, enough: number): number {
    const opposite = side === 'BUY' ? 'ask' : 'bid'
    const { ticks } = this.#book.levels(opposite, LEVELS_WALKED_MAX)
    let lots = 0
    for (const price of ticks) {
      if (limitTicks !== null && (side === 'BUY' ? price > limitTicks : price < limitTicks)) break
      lots += Math.max(0, this.lotsLeft(side === 'BUY' ? 'SELL' : 'BUY', price))
      if (lots >= enough) break
    }
    return lots
  }

  /** Takes lots that `best` showed to an order of `side`. */
  takeAt(side: Side, ticks: number, lots: number): void {
    const taken = side === 'BUY' ? this.#takenAsks : this.#takenBids
    taken.set(ticks, (taken.get(ticks) ?? 0) + lots)
  }

  snapshot(): LiquidityJson {
    return {
      book: this.#book.snapshot(),
      at: this.#at,
      takenBids: [...this.#takenBids],
      takenAsks: [...this.#takenAsks],
    }
  }

  static restore(json: LiquidityJson): DisplayedLiquidity {
    const liquidity = new DisplayedLiquidity()
    liquidity.#book = OrderBook.restore(json.book)
    liquidity.#at = json.at
    liquidity.#takenBids = new Map(json.takenBids)
    liquidity.#takenAsks = new Map(json.takenAsks)
    return liquidity
  }
}

export type { LiquidityJson }
