import type { AccountListener, AccountStream, MarketFeed, MarketFeedRequest } from '@tapedeck/venue'
import { isPrivate, type Exchange } from '../exchange/index.ts'
import { PaperFeed } from './paper-feed.ts'
import { tellAccount } from './tell-account.ts'

/** Whoever listens to an exchange in the same process: market feeds, and streams of one account. */
export class PaperListeners {
  readonly #exchange: Exchange
  readonly #account: string
  readonly #venue: string
  readonly #listeners = new Set<AccountListener>()
  readonly #feeds = new Set<PaperFeed>()
  readonly #closing = new AbortController()

  constructor(exchange: Exchange, account: string, venue: string) {
    this.#exchange = exchange
    this.#account = account
    this.#venue = venue
  }

  /** Tells what the exchange did since the last time. */
  settle(): void {
    for (const event of this.#exchange.takeEvents()) {
      if (!isPrivate(event)) for (const feed of this.#feeds) feed.take(event)
      else if (event.account === this.#account)
        for (const told of tellAccount(event, this.#venue))
          for (const listener of this.#listeners) listener(told)
    }
    for (const feed of this.#feeds) feed.advanceTo(this.#exchange.time)
  }

  openMarketFeed(request: MarketFeedRequest): MarketFeed {
    // What was before is in its first book.
    this.settle()
    const signal = AbortSignal.any([request.signal, this.#closing.signal])
    const feed = new PaperFeed(this.#exchange, { ...request, signal })
    this.#feeds.add(feed)
    signal.addEventListener('abort', () => this.#feeds.delete(feed), { once: true })
    return feed
  }

  openAccountStream(listener: AccountListener): AccountStream {
    this.#listeners.add(listener)
    listener({ kind: 'stream', state: 'up', detail: 'in the same process' })
    return {
      stop: () => {
        this.#listeners.delete(listener)
        return Promise.resolve()
      },
    }
  }

  close(): void {
    this.#listeners.clear()
    this.#closing.abort()
  }
}
