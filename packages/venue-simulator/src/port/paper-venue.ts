import type { MarketEvent } from '@tapedeck/core'
import { known, unknown, type VenuePort } from '@tapedeck/venue'
import type { Exchange } from '../exchange/index.ts'
import { describeInstrument } from './describe-for-port.ts'
import { PaperAccount } from './paper-account.ts'
import { PaperListeners } from './paper-listeners.ts'

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
  const listeners = new PaperListeners(exchange, account, venue)
  const settle = (): void => listeners.settle()
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
    openMarketFeed: (request) => listeners.openMarketFeed(request),
    openAccountStream: (listener) => listeners.openAccountStream(listener),
    close: () => {
      listeners.close()
      return Promise.resolve()
    },
  }
}
