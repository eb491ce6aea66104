import type { Side } from '@tapedeck/contracts'
import { OrderBook, stepsToDecimal, type Json } from '@tapedeck/core'
import type { InstrumentRules } from '../orders/instrument-rules.ts'
import type { BookTickerView, BookView, LevelView } from './market-types.ts'

/** What a side of the book holds at a price, all in all. */
export type LotsAt = (side: Side, ticks: number) => number

export type BookChange = {
  readonly firstId: number
  readonly lastId: number
  readonly previousId: number
  readonly bids: readonly LevelView[]
  readonly asks: readonly LevelView[]
  /** Best bid or ask, or what they hold, are not what they were. */
  readonly touchMoved: boolean
}

/** As of the last flush: between two calls nothing is touched and not told. */
export type SavedPublishedBook = { readonly book: Json; readonly updateId: number }

/**
 * The book as everyone sees it: the outside market's and clients' orders together, with update ids of its
 * own. Whoever changes something touches its price; `flush` finds out what became of it.
 */
export class PublishedBook {
  readonly #rules: InstrumentRules
  readonly #lotsAt: LotsAt
  #book = new OrderBook()
  readonly #bids = new Set<number>()
  readonly #asks = new Set<number>()
  #updateId: number

  constructor(rules: InstrumentRules, firstUpdateId: number, lotsAt: LotsAt) {
    this.#rules = rules
    this.#lotsAt = lotsAt
    this.#updateId = firstUpdateId
  }

  snapshot(): SavedPublishedBook {
    return { book: this.#book.snapshot(), updateId: this.#updateId }
  }

  static restore(rules: InstrumentRules, saved: SavedPublishedBook, lotsAt: LotsAt): PublishedBook {
    const published = new PublishedBook(rules, saved.updateId, lotsAt)
    published.#book = OrderBook.restore(saved.book)
    return published
  }

  touch(side: Side, ticks: number): void {
    if (side === 'BUY') this.#bids.add(ticks)
    else this.#asks.add(ticks)
  }

  /** Before the outside book is told anew: any level may have changed. */
  touchAll(): void {
    for (const ticks of this.#book.levels('bid', Infinity).ticks) this.#bids.add(ticks)
    for (const ticks of this.#book.levels('ask', Infinity).ticks) this.#asks.add(ticks)
  }

  /** Levels that changed since the last flush, each with an update id; null when none did. */
  flush(): BookChange | null {
    if (this.#bids.size === 0 && this.#asks.size === 0) return null
    const before = [this.#touch('bid'), this.#touch('ask')]
    const bids = this.#changed('BUY', this.#bids)
    const asks = this.#changed('SELL', this.#asks)
    this.#bids.clear()
    this.#asks.clear()
    if (bids.length + asks.length === 0) return null
    const previousId = this.#updateId
    this.#updateId += bids.length + asks.length
    const touchMoved = before[0] !== this.#touch('bid') || before[1] !== this.#touch('ask')
    return {
      firstId: previousId + 1,
      lastId: this.#updateId,
      previousId,
      bids,
      asks,
      touchMoved,
    }
  }

  #touch(side: 'bid' | 'ask'): string {
    const best = side === 'bid' ? this.#book.bestBid() : this.#book.bestAsk()
    return best === null ? '' : `${best}:${this.#book.lotsAt(side, best)}`
  }

  #changed(side: Side, ticks: ReadonlySet<number>): LevelView[] {
    const name = side === 'BUY' ? 'bid' : 'ask'
    const changed: LevelView[] = []
    for (const price of ticks) {
      const lots = Math.max(0, this.#lotsAt(side, price))
      if (lots === this.#book.lotsAt(name, price)) continue
      if (side === 'BUY') this.#book.applyDelta([price], [lots], [], [])
      else this.#book.applyDelta([], [], [price], [lots])
      changed.push(this.#level(price, lots))
    }
    return changed
  }

  #level(ticks: number, lots: number): LevelView {
    return [stepsToDecimal(ticks, this.#rules.tick), stepsToDecimal(lots, this.#rules.lot)]
  }

  #levels(side: 'bid' | 'ask', max: number): LevelView[] {
    const { ticks, lots } = this.#book.levels(side, max)
    return ticks.map((price, i) => this.#level(price, lots[i]!))
  }

  /** As of the last flush. */
  best(side: Side): number | null {
    return side === 'BUY' ? this.#book.bestBid() : this.#book.bestAsk()
  }

  /** Price of the `level`-th best, 1 is best; null where the side has fewer. */
  priceAt(side: Side, level: number): number | null {
    const { ticks } = this.#book.levels(side === 'BUY' ? 'bid' : 'ask', level)
    return ticks[level - 1] ?? null
  }

  view(levels: number, time: number): BookView {
    return {
      symbol: this.#rules.symbol,
      lastUpdateId: this.#updateId,
      time,
      bids: this.#levels('bid', levels),
      asks: this.#levels('ask', levels),
    }
  }

  ticker(time: number): BookTickerView {
    const [bid = ['0', '0'] as const] = this.#levels('bid', 1)
    const [ask = ['0', '0'] as const] = this.#levels('ask', 1)
    return {
      symbol: this.#rules.symbol,
      updateId: this.#updateId,
      bidPrice: bid[0],
      bidQuantity: bid[1],
      askPrice: ask[0],
      askQuantity: ask[1],
      time,
    }
  }
}
