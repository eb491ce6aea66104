import type { Json } from '../decider.ts'
import type { OrderBook } from '../order-book/order-book.ts'
import type { QuoteEvent } from './market-event.ts'

const QUOTES_MAX = 4096

type QuoteCheckState = {
  readonly compared: number
  readonly agreed: number
  readonly lastId: number | null
  /** Quotes that the book has not reached. */
  readonly waiting: readonly QuoteEvent[]
}

/**
 * Holds the rebuilt book against the venue's own best bid and ask, wherever both carry the same update
 * id. Either may come first, so quotes ahead of the book are kept, bounded.
 */
export class QuoteCheck {
  readonly #quotes = new Map<number, QuoteEvent>()
  #compared = 0
  #agreed = 0
  #lastId: number | null = null

  constructor(snapshot?: Json) {
    const saved = snapshot as QuoteCheckState | undefined
    if (saved === undefined) return
    this.#compared = saved.compared
    this.#agreed = saved.agreed
    this.#lastId = saved.lastId
    for (const quote of saved.waiting) this.#quotes.set(quote.updateId, quote)
  }

  snapshot(): Json {
    const state: QuoteCheckState = {
      compared: this.#compared,
      agreed: this.#agreed,
      lastId: this.#lastId,
      waiting: [...this.#quotes.values()],
    }
    return state as unknown as Json
  }

  get compared(): number {
    return this.#compared
  }

  get agreed(): number {
    return this.#agreed
  }

  /** A quote arrived; `bookId` is the update that the book stands at, null without a book. */
  quote(quote: QuoteEvent, book: OrderBook, bookId: number | null): void {
    if (quote.updateId === bookId) {
      this.#compare(quote, book)
      return
    }
    // The book is past it: nothing will meet it any more.
    if (bookId !== null && quote.updateId < bookId) return
    this.#quotes.set(quote.updateId, quote)
    if (this.#quotes.size > QUOTES_MAX) this.#quotes.delete(this.#quotes.keys().next().value!)
  }

  /** The book reached an update. */
  book(book: OrderBook, bookId: number): void {
    const quote = this.#quotes.get(bookId)
    for (const updateId of this.#quotes.keys()) {
      if (updateId > bookId) break
      this.#quotes.delete(updateId)
    }
    if (quote !== undefined) this.#compare(quote, book)
  }

  /** Each update counts once, though several quotes may carry its id. */
  #compare(quote: QuoteEvent, book: OrderBook): void {
    if (quote.updateId === this.#lastId) return
    this.#lastId = quote.updateId
    this.#compared++
    const agrees =
      book.bestBid() === quote.bidTicks &&
      book.bestAsk() === quote.askTicks &&
      book.lotsAt('bid', quote.bidTicks) === quote.bidLots &&
      book.lotsAt('ask', quote.askTicks) === quote.askLots
    if (agrees) this.#agreed++
  }
}
