import type { OrderBook } from '../order-book/order-book.ts'
import type { QuoteEvent } from './market-event.ts'

const QUOTES_MAX = 4096

/**
 * Holds the rebuilt book against the venue's own best bid and ask, wherever both carry the same update
 * id. Either may come first, so recent quotes are kept, bounded.
 */
export class QuoteCheck {
  readonly #quotes = new Map<number, QuoteEvent>()
  #compared = 0
  #agreed = 0
  #lastId: number | null = null

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
    this.#quotes.set(quote.updateId, quote)
    if (this.#quotes.size > QUOTES_MAX) this.#quotes.delete(this.#quotes.keys().next().value!)
  }

  /** The book reached an update. */
  book(book: OrderBook, bookId: number): void {
    const quote = this.#quotes.get(bookId)
    if (quote === undefined) return
    this.#quotes.delete(bookId)
    this.#compare(quote, book)
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
