import type { MarketEvent } from '@tapedeck/core'
import { known, unknown, type AccountListener, type VenuePort } from '@tapedeck/venue'
import { isPrivate, type Exchange } from '../exchange/index.ts'
import { describeInstrument } from './describe-for-port.ts'
import { PaperAccount } from './paper-account.ts'
import { PaperFeed } from './paper-feed.ts'
import { tellAccount } from './tell-account.ts'

export type PaperVenueOptions = {
  /** Its events are taken here: nobody else may. */
  readonly exchange: Exchange
  /** An account that is open there. */
  readonly account: string
  /** Name of the venue in what it says. Default `paper`. */
  readonly venue?: string
}

/** A venue in the same process, and the hand that moves its market and its clock. */
export type PaperVenue = VenuePort & {
  readonly exchange: Exchange
  advanceTo(time: number): void
  applyMarket(events: readonly MarketEvent[]): void
  /** Tells listeners what the exchange did since. Needed after `exchange` was used directly. */
  settle(): void
}

/**
 * The venue port directly upon an exchange: nothing is lost on the way, so every outcome is known. What
 * happens is told before the call that caused it resolves.
 */
export const createPaperVenue = ({
  exchange,
  account,
  venue = 'paper',
}: PaperVenueOptions): PaperVenue => {
  const paper = new PaperAccount(exchange, account, venue)
  const listeners = new Set<AccountListener>()
  const feeds = new Set<PaperFeed>()
  const closing = new AbortController()
  const settle = (): void => {
    for (const event of exchange.takeEvents()) {
      if (!isPrivate(event)) for (const feed of feeds) feed.take(event)
      else if (event.account === account)
        for (const told of tellAccount(event, venue))
          for (const listener of listeners) listener(told)
    }
    for (const feed of feeds) feed.advanceTo(exchange.time)
  }
  const done = <T>(value: T) => {
    settle()
    return Promise.resolve(known(value))
  }
  return {
    venue,
    exchange,
    settle,
    advanceTo: (time) => {
      exchange.advanceTo(time)
      settle()
    },
    applyMarket: (events) => {
      for (const event of events) exchange.applyMarket(event)
      settle()
    },
    serverTime: () => done(exchange.time),
    instruments: () =>
      done(new Map(exchange.instruments().map((one) => [one.symbol, describeInstrument(one)]))),
    prepareAccount: (setup) => done({ problems: paper.prepare(setup) }),
    submitOrder: (request) => done(paper.submit(request)),
    cancelOrder: (request) => done(paper.cancel(request)),
    cancelAllOrders: (symbol) => {
      const refused = paper.cancelAll(symbol)
      if (refused === null) return done({ canceled: true as const })
      return Promise.resolve(unknown(`${refused.refusal}: ${refused.detail}`))
    },
    findOrder: (symbol, clientOrderId) => done(paper.find(symbol, clientOrderId)),
    openOrders: (symbols) => done(symbols.flatMap((symbol) => paper.openOrders(symbol))),
    positions: (symbols) =>
      done(symbols.map((symbol) => paper.position(symbol)).filter((one) => one !== null)),
    fills: (symbol, since) => done(paper.fills(symbol, since)),
    balances: () => done(paper.balances()),
    funding: (symbol, since) => done(paper.funding(symbol, since)),
    openMarketFeed: (request) => {
      settle()
      const signal = AbortSignal.any([request.signal, closing.signal])
      const feed = new PaperFeed(exchange, { ...request, signal })
      feeds.add(feed)
      signal.addEventListener('abort', () => feeds.delete(feed), { once: true })
      return feed
    },
    openAccountStream: (listener) => {
      listeners.add(listener)
      listener({ kind: 'stream', state: 'up', detail: 'in the same process' })
      return {
        stop: () => {
          listeners.delete(listener)
          return Promise.resolve()
        },
      }
    },
    close: () => {
      listeners.clear()
      closing.abort()
      return Promise.resolve()
    },
  }
}
