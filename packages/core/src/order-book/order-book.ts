import type { Json } from '../decider.ts'
import { BookSide } from './book-side.ts'

type Columns = readonly number[]

const worstFirst = (side: BookSide): Json => {
  const { ticks, lots } = side.levels(side.size)
  return { ticks: ticks.toReversed(), lots: lots.toReversed() }
}

/**
 * An order book of one instrument, in whole ticks and lots. Quantities are absolute; 0 removes a level.
 *
 * It trusts its input: continuity is `BookSync`'s business. A crossed book is kept as it is and can be
 * asked for with `isCrossed`.
 */
export class OrderBook {
  readonly #bids = new BookSide(1)
  readonly #asks = new BookSide(-1)

  /** Replaces everything. Row `i` of a price column belongs to row `i` of its quantity column. */
  applySnapshot(bidTicks: Columns, bidLots: Columns, askTicks: Columns, askLots: Columns): void {
    this.#bids.clear()
    this.#asks.clear()
    this.applyDelta(bidTicks, bidLots, askTicks, askLots)
  }

  /** Sets the named levels; a level that is not named stays. */
  applyDelta(bidTicks: Columns, bidLots: Columns, askTicks: Columns, askLots: Columns): void {
    for (let i = 0; i < bidTicks.length; i++) this.#bids.set(bidTicks[i]!, bidLots[i]!)
    for (let i = 0; i < askTicks.length; i++) this.#asks.set(askTicks[i]!, askLots[i]!)
  }

  bestBid(): number | null {
    return this.#bids.best()
  }

  bestAsk(): number | null {
    return this.#asks.best()
  }

  /** Resting lots at a price; 0 where nothing rests. */
  lotsAt(side: 'bid' | 'ask', ticks: number): number {
    return (side === 'bid' ? this.#bids : this.#asks).lotsAt(ticks)
  }

  /** The best `max` levels of a side, best first. */
  levels(side: 'bid' | 'ask', max: number): { ticks: number[]; lots: number[] } {
    return (side === 'bid' ? this.#bids : this.#asks).levels(max)
  }

  /** How many price levels a side has. */
  depth(side: 'bid' | 'ask'): number {
    return (side === 'bid' ? this.#bids : this.#asks).size
  }

  isCrossed(): boolean {
    const bid = this.#bids.best()
    const ask = this.#asks.best()
    return bid !== null && ask !== null && bid >= ask
  }

  isEmpty(): boolean {
    return this.#bids.size === 0 && this.#asks.size === 0
  }

  /** All levels, worst first, so that restoring only ever appends. */
  snapshot(): Json {
    return { bids: worstFirst(this.#bids), asks: worstFirst(this.#asks) }
  }

  static restore(json: Json): OrderBook {
    const { bids, asks } = json as Record<'bids' | 'asks', Record<'ticks' | 'lots', number[]>>
    const book = new OrderBook()
    book.applySnapshot(bids.ticks, bids.lots, asks.ticks, asks.lots)
    return book
  }
}
