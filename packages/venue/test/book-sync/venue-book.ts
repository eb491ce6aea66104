import { BookSync, OrderBook, type DepthEvent } from '@tapedeck/core'
import type { BookMessage } from './recorded-session.ts'

/** What `GET depth` answers at most on a side. */
const SNAPSHOT_LEVELS = 1000

/** The undamaged book: what the venue has. */
export class VenueBook {
  readonly book = new OrderBook()
  readonly #sync = new BookSync<DepthEvent>()
  readonly #messages: readonly BookMessage[]
  #next = 0
  lastId = 0

  constructor(messages: readonly BookMessage[]) {
    this.#messages = messages
  }

  /** Goes on until the book stands at an id, or past it. */
  reach(id: number): void {
    while (this.lastId < id && this.#next < this.#messages.length) {
      const message = this.#messages[this.#next++]!
      if (message.kind !== 'depth') continue
      const { bidTicks, bidLots, askTicks, askLots } = message
      const { apply } = message.snapshot
        ? this.#sync.snapshot(message.lastId)
        : this.#sync.delta(message)
      if (message.snapshot) {
        this.book.applySnapshot(bidTicks, bidLots, askTicks, askLots)
        this.lastId = message.lastId
      }
      for (const one of apply) {
        this.book.applyDelta(one.bidTicks, one.bidLots, one.askTicks, one.askLots)
        this.lastId = one.lastId
      }
    }
  }

  answer(like: DepthEvent): DepthEvent {
    const bids = this.book.levels('bid', SNAPSHOT_LEVELS)
    const asks = this.book.levels('ask', SNAPSHOT_LEVELS)
    return {
      ...like,
      snapshot: true,
      firstId: this.lastId,
      lastId: this.lastId,
      previousId: null,
      bidTicks: bids.ticks,
      bidLots: bids.lots,
      askTicks: asks.ticks,
      askLots: asks.lots,
    }
  }
}
