import type { Exchange } from '../exchange/index.ts'

/** What streams ask the exchange for: snapshots that no single event carries. */
export type MarketView = Pick<Exchange, 'book' | 'klines' | 'dayTicker'>
