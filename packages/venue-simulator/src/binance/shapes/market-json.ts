import type {
  AggregateTrade,
  BookTickerView,
  BookView,
  DayTicker,
  FundingRateRow,
  Kline,
  PremiumIndex,
  PublicTrade,
} from '../../exchange/index.ts'

/** Shapes of public answers: binance-ccxt-facts §2.2. */
export const depthJson = (book: BookView, time: number): object => ({
  lastUpdateId: book.lastUpdateId,
  E: time,
  T: book.time,
  bids: book.bids,
  asks: book.asks,
})

export const tradeJson = (trade: PublicTrade): object => ({
  id: trade.id,
  price: trade.price,
  qty: trade.quantity,
  quoteQty: trade.quote,
  time: trade.time,
  isBuyerMaker: trade.buyerIsMaker,
  isRPITrade: false,
})

export const aggregateTradeJson = (trade: AggregateTrade): object => ({
  a: trade.id,
  p: trade.price,
  q: trade.quantity,
  nq: trade.quantity,
  f: trade.firstTradeId,
  l: trade.lastTradeId,
  T: trade.time,
  m: trade.buyerIsMaker,
})

export const klineJson = (kline: Kline): readonly (string | number)[] => [
  kline.openTime,
  kline.open,
  kline.high,
  kline.low,
  kline.close,
  kline.volume,
  kline.closeTime,
  kline.quoteVolume,
  kline.trades,
  kline.takerBuyVolume,
  kline.takerBuyQuoteVolume,
  '0',
]

export const premiumIndexJson = (premium: PremiumIndex): object => ({
  symbol: premium.symbol,
  markPrice: premium.markPrice,
  indexPrice: premium.indexPrice,
  estimatedSettlePrice: premium.indexPrice,
  lastFundingRate: premium.fundingRate,
  interestRate: '0.00010000',
  nextFundingTime: premium.nextFundingTime,
  time: premium.time,
})

export const fundingRateJson = (row: FundingRateRow): object => ({
  symbol: row.symbol,
  fundingTime: row.fundingTime,
  fundingRate: row.fundingRate,
  markPrice: row.markPrice,
  // `Special` is what dividends of stocks add.
  rateType: 'Regular',
})

export const bookTickerJson = (ticker: BookTickerView): object => ({
  symbol: ticker.symbol,
  bidPrice: ticker.bidPrice,
  bidQty: ticker.bidQuantity,
  askPrice: ticker.askPrice,
  askQty: ticker.askQuantity,
  time: ticker.time,
})

export const dayTickerJson = (ticker: DayTicker): object => ({
  symbol: ticker.symbol,
  priceChange: ticker.priceChange,
  priceChangePercent: ticker.priceChangePercent,
  weightedAvgPrice: ticker.weightedAveragePrice,
  lastPrice: ticker.lastPrice,
  lastQty: ticker.lastQuantity,
  openPrice: ticker.openPrice,
  highPrice: ticker.highPrice,
  lowPrice: ticker.lowPrice,
  volume: ticker.volume,
  quoteVolume: ticker.quoteVolume,
  openTime: ticker.openTime,
  closeTime: ticker.closeTime,
  firstId: ticker.firstId,
  lastId: ticker.lastId,
  count: ticker.count,
})
