import type { Instrument, Output } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { BookSync, type SyncPosition } from '../order-book/book-sync.ts'
import { OrderBook } from '../order-book/order-book.ts'
import type { FeedRegister } from './feed-register.ts'
import type { DepthEvent, QuoteEvent } from './market-event.ts'
import { QuoteCheck } from './quote-check.ts'

/** The parts of a lane's JSON that are the book's. */
export type BookLaneJson = { readonly book: Json; readonly sync: Json; readonly quotes?: Json }

/** The book of one instrument on its way to the tape: only what can be aligned is passed on. */
export class BookLane {
  readonly #instrument: Instrument
  readonly #feeds: FeedRegister
  readonly #sync = new BookSync<DepthEvent>()
  readonly #quotes: QuoteCheck
  #book = new OrderBook()
  version = 0
  /** Times that the book was dropped because changes were missing or made no sense. */
  gaps = 0

  constructor(instrument: Instrument, feeds: FeedRegister, saved?: BookLaneJson) {
    this.#instrument = instrument
    this.#feeds = feeds
    this.#quotes = new QuoteCheck(saved?.quotes)
    if (saved === undefined) return
    this.#book = OrderBook.restore(saved.book)
    this.#sync.restore(saved.sync as unknown as SyncPosition<DepthEvent>)
  }

  get quotes(): Pick<QuoteCheck, 'compared' | 'agreed'> {
    return this.#quotes
  }

  /** A book change or snapshot. What cannot be aligned is not passed on. */
  depth(event: DepthEvent, marketTime: number, out: Output[]): void {
    const result = event.snapshot ? this.#sync.snapshot(event.lastId) : this.#sync.delta(event)
    if (event.snapshot) {
      this.#book.applySnapshot(event.bidTicks, event.bidLots, event.askTicks, event.askLots)
      if (this.#book.isCrossed()) {
        this.#drop(`snapshot ${event.lastId} is crossed`, marketTime, out)
        return
      }
      this.#feeds.up('depth', `book built from snapshot ${event.lastId}`, marketTime, out)
      this.#append(event, marketTime, out)
      this.#quotes.book(this.#book, event.lastId)
    }
    for (const change of result.apply) if (!this.#apply(change, marketTime, out)) return
    if (result.status !== 'gap') return
    const after = event.snapshot
      ? `the updates after snapshot ${event.lastId}`
      : `update ${event.firstId}-${event.lastId}`
    this.#drop(`hole between ${this.#sync.lastId} and ${after}`, marketTime, out)
  }

  quote(event: QuoteEvent): void {
    this.#quotes.quote(event, this.#book, this.#sync.isSynced ? this.#sync.lastId : null)
  }

  /** A feed that is not up leaves no book behind. */
  forget(): void {
    this.#sync.reset()
    this.#book = new OrderBook()
  }

  snapshot(): Required<BookLaneJson> {
    return {
      book: this.#book.snapshot(),
      sync: this.#sync.position() as unknown as Json,
      quotes: this.#quotes.snapshot(),
    }
  }

  #apply(change: DepthEvent, marketTime: number, out: Output[]): boolean {
    this.#book.applyDelta(change.bidTicks, change.bidLots, change.askTicks, change.askLots)
    if (this.#book.isCrossed()) {
      this.#drop(`update ${change.lastId} crosses the book`, marketTime, out)
      return false
    }
    this.#append(change, marketTime, out)
    this.#quotes.book(this.#book, change.lastId)
    return true
  }

  #append(event: DepthEvent, marketTime: number, out: Output[]): void {
    const { venue, symbol, tick_size, lot_size } = this.#instrument
    const payload: Output<'market.depth'>['payload'] = {
      venue,
      symbol,
      tick_size,
      lot_size,
      snapshot: event.snapshot,
      first_update_id: event.firstId,
      last_update_id: event.lastId,
      time: event.time ?? marketTime,
      bid_ticks: event.bidTicks,
      bid_lots: event.bidLots,
      ask_ticks: event.askTicks,
      ask_lots: event.askLots,
    }
    out.push({
      type: 'market.depth',
      aggregate_id: `${venue}.${symbol}`,
      aggregate_version: ++this.version,
      occurred_at: marketTime,
      payload,
    })
  }

  #drop(reason: string, marketTime: number, out: Output[]): void {
    this.gaps++
    this.forget()
    this.#feeds.tell('depth', 'gap', reason, marketTime, out)
  }
}
