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

/** A slice of an order that the book filled. */
export type BookFill = { readonly ticks: number; readonly lots: number }

/** How deep a single order may walk. */
const LEVELS_WALKED_MAX = 200

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

  /** False without a book, with an old one, and while it is crossed or one-sided. */
  isUsable(at: number, ageMsMax: number): boolean {
    return (
      this.#at >= 0 &&
      at - this.#at <= ageMsMax &&
      this.#book.bestBid() !== null &&
      this.#book.bestAsk() !== null &&
      !this.#book.isCrossed()
    )
  }

  /** Lots displayed by others at a price on the side where an order of `side` would rest. */
  lotsResting(side: Side, ticks: number): number {
    return this.#book.lotsAt(side === 'BUY' ? 'bid' : 'ask', ticks)
  }

  /** Takes up to `lots` from the opposite side, not beyond `limitTicks`, best price first. */
  take(side: Side, lots: number, limitTicks: number | null): BookFill[] {
    const opposite = side === 'BUY' ? 'ask' : 'bid'
    const taken = side === 'BUY' ? this.#takenAsks : this.#takenBids
    const { ticks, lots: shown } = this.#book.levels(opposite, LEVELS_WALKED_MAX)
    const fills: BookFill[] = []
    let leaves = lots
    for (let i = 0; i < ticks.length && leaves > 0; i++) {
      const price = ticks[i]!
      if (limitTicks !== null && (side === 'BUY' ? price > limitTicks : price < limitTicks)) break
      const used = taken.get(price) ?? 0
      const got = Math.min(leaves, shown[i]! - used)
      if (got <= 0) continue
      taken.set(price, used + got)
      fills.push({ ticks: price, lots: got })
      leaves -= got
    }
    return fills
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
