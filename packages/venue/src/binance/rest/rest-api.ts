import type { CallName } from './calls.ts'

/** Whose REST API is spoken. */
export type RestVenue = 'binance-usdm' | 'binance-spot'

export type RestApi = {
  /** ccxt's class of it, by its file. */
  readonly file: 'binanceusdm.js' | 'binance.js'
  /** Where ccxt believes that it sends to: its tables and signatures go by it. */
  readonly base: string
  /** Below it; nothing else is let through. */
  readonly path: string
  /** What both have, by ccxt's names. */
  readonly time: CallName
  readonly exchangeInfo: CallName
  readonly depth: CallName
  readonly aggTrades: CallName
}

/** Where the venues differ (binance-ccxt-facts §2.2). */
export const REST_APIS: Readonly<Record<RestVenue, RestApi>> = {
  'binance-usdm': {
    file: 'binanceusdm.js',
    base: 'https://fapi.binance.com',
    path: '/fapi/',
    time: 'fapiPublicGetTime',
    exchangeInfo: 'fapiPublicGetExchangeInfo',
    depth: 'fapiPublicGetDepth',
    aggTrades: 'fapiPublicGetAggTrades',
  },
  'binance-spot': {
    file: 'binance.js',
    base: 'https://api.binance.com',
    path: '/api/',
    time: 'publicGetTime',
    exchangeInfo: 'publicGetExchangeInfo',
    depth: 'publicGetDepth',
    aggTrades: 'publicGetAggTrades',
  },
}
