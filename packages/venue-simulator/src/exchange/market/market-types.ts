import type { Side } from '@tapedeck/contracts'

export type LevelView = readonly [price: string, quantity: string]

export type BookView = {
  readonly symbol: string
  readonly lastUpdateId: number
  readonly time: number
  /** Best first. */
  readonly bids: readonly LevelView[]
  readonly asks: readonly LevelView[]
}

export type BookTickerView = {
  readonly symbol: string
  readonly updateId: number
  /** `0` with quantity `0` on an empty side. */
  readonly bidPrice: string
  readonly bidQuantity: string
  readonly askPrice: string
  readonly askQuantity: string
  readonly time: number
}

export type PublicTrade = {
  readonly symbol: string
  /** Rises by one, by symbol. */
  readonly id: number
  readonly price: string
  readonly quantity: string
  readonly quote: string
  readonly time: number
  readonly buyerIsMaker: boolean
  /** Insurance fund and deleveraging: no trade of the market, left out of streams and klines. */
  readonly excluded: boolean
}

/** Trades of one price and taking side, one after another, within 100 ms. Told when no more can come. */
export type AggregateTrade = {
  readonly symbol: string
  /** Rises by one, by symbol. */
  readonly id: number
  readonly price: string
  readonly quantity: string
  readonly firstTradeId: number
  readonly lastTradeId: number
  readonly time: number
  readonly buyerIsMaker: boolean
}

export const KLINE_INTERVALS = [
  '1m',
  '3m',
  '5m',
  '15m',
  '30m',
  '1h',
  '2h',
  '4h',
  '6h',
  '8h',
  '12h',
  '1d',
  '3d',
  '1w',
  '1M',
] as const
export type KlineInterval = (typeof KLINE_INTERVALS)[number]

export type Kline = {
  readonly symbol: string
  readonly interval: KlineInterval
  readonly openTime: number
  /** Last millisecond of the interval. */
  readonly closeTime: number
  readonly open: string
  readonly high: string
  readonly low: string
  readonly close: string
  readonly volume: string
  readonly quoteVolume: string
  readonly trades: number
  readonly takerBuyVolume: string
  readonly takerBuyQuoteVolume: string
  /** -1 in an interval without a trade. */
  readonly firstTradeId: number
  readonly lastTradeId: number
  readonly closed: boolean
}

export type PremiumIndex = {
  readonly symbol: string
  readonly markPrice: string
  readonly indexPrice: string
  readonly fundingRate: string
  readonly nextFundingTime: number
  readonly time: number
}

export type FundingRateRow = {
  readonly symbol: string
  readonly fundingRate: string
  readonly fundingTime: number
  readonly markPrice: string
}

export type DayTicker = {
  readonly symbol: string
  readonly priceChange: string
  readonly priceChangePercent: string
  readonly weightedAveragePrice: string
  readonly lastPrice: string
  readonly lastQuantity: string
  readonly openPrice: string
  readonly highPrice: string
  readonly lowPrice: string
  readonly volume: string
  readonly quoteVolume: string
  readonly openTime: number
  readonly closeTime: number
  /** -1 without a trade. */
  readonly firstId: number
  readonly lastId: number
  readonly count: number
}

/** What was liquidated, as the public learns it. */
export type LiquidationView = {
  readonly symbol: string
  readonly side: Side
  readonly price: string
  readonly averagePrice: string
  readonly quantity: string
  readonly lastQuantity: string
  readonly executedQuantity: string
  readonly status: 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'EXPIRED'
  readonly time: number
}
