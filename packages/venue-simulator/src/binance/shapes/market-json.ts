import { dec, toDecimalString } from '@tapedeck/core'
import type {
  AggregateTrade,
  BookTickerView,
  BookView,
  DayTicker,
  FundingRateRow,
  Kline,
  PremiumIndex,
  PublicTrade,
  LevelView,
} from '../../exchange/index.ts'
import type { InterestRow, PriceCandle } from '../history/index.ts'
import { averaged, money, padded, quoted, type Places } from './decimals.ts'

const PERCENT_PLACES = 3

const levelJson = ([price, quantity]: LevelView, places: Places): LevelView => [
  padded(price, places.price),
  padded(quantity, places.quantity),
]

/** Shapes of public answers: binance-ccxt-facts §2.2. */
export const depthJson = (book: BookView, time: number, places: Places): object => ({
  lastUpdateId: book.lastUpdateId,
  E: time,
  T: book.time,
  bids: book.bids.map((level) => levelJson(level, places)),
  asks: book.asks.map((level) => levelJson(level, places)),
})

export const tradeJson = (trade: PublicTrade, places: Places): object => ({
  id: trade.id,
  price: padded(trade.price, places.price),
  qty: padded(trade.quantity, places.quantity),
  quoteQty: quoted(trade.quote, places),
  time: trade.time,
  isBuyerMaker: trade.buyerIsMaker,
  isRPITrade: false,
})

export const aggregateTradeJson = (trade: AggregateTrade, places: Places): object => ({
  a: trade.id,
  p: padded(trade.price, places.price),
  q: padded(trade.quantity, places.quantity),
  nq: padded(trade.quantity, places.quantity),
  f: trade.firstTradeId,
  l: trade.lastTradeId,
  T: trade.time,
  m: trade.buyerIsMaker,
})

export const klineJson = (kline: Kline, places: Places): readonly (string | number)[] => [
  kline.openTime,
  padded(kline.open, places.price),
  padded(kline.high, places.price),
  padded(kline.low, places.price),
  padded(kline.close, places.price),
  padded(kline.volume, places.quantity),
  kline.closeTime,
  quoted(kline.quoteVolume, places),
  kline.trades,
  padded(kline.takerBuyVolume, places.quantity),
  quoted(kline.takerBuyQuoteVolume, places),
  '0',
]

export const premiumIndexJson = (premium: PremiumIndex): object => ({
  symbol: premium.symbol,
  markPrice: money(premium.markPrice),
  indexPrice: money(premium.indexPrice),
  estimatedSettlePrice: money(premium.indexPrice),
  lastFundingRate: money(premium.fundingRate),
  interestRate: '0.00010000',
  nextFundingTime: premium.nextFundingTime,
  time: premium.time,
})

export const fundingRateJson = (row: FundingRateRow): object => ({
  symbol: row.symbol,
  fundingTime: row.fundingTime,
  fundingRate: money(row.fundingRate),
  markPrice: money(row.markPrice),
  // `Special` is what dividends of stocks add.
  rateType: 'Regular',
})

export const bookTickerJson = (ticker: BookTickerView, places: Places): object => ({
  symbol: ticker.symbol,
  bidPrice: padded(ticker.bidPrice, places.price),
  bidQty: padded(ticker.bidQuantity, places.quantity),
  askPrice: padded(ticker.askPrice, places.price),
  askQty: padded(ticker.askQuantity, places.quantity),
  time: ticker.time,
})

export const dayTickerJson = (ticker: DayTicker, places: Places): object => ({
  symbol: ticker.symbol,
  priceChange: padded(ticker.priceChange, places.price),
  priceChangePercent: padded(ticker.priceChangePercent, PERCENT_PLACES),
  weightedAvgPrice: averaged(ticker.weightedAveragePrice, places),
  lastPrice: padded(ticker.lastPrice, places.price),
  lastQty: padded(ticker.lastQuantity, places.quantity),
  openPrice: padded(ticker.openPrice, places.price),
  highPrice: padded(ticker.highPrice, places.price),
  lowPrice: padded(ticker.lowPrice, places.price),
  volume: padded(ticker.volume, places.quantity),
  quoteVolume: quoted(ticker.quoteVolume, places),
  openTime: ticker.openTime,
  closeTime: ticker.closeTime,
  firstId: ticker.firstId,
  lastId: ticker.lastId,
  count: ticker.count,
})

/** A candle of marks or indices: nothing is traded at them, so nothing else is in it but how many there were. */
export const priceCandleJson = (candle: PriceCandle): readonly (string | number)[] => [
  candle.openTime,
  money(candle.open),
  money(candle.high),
  money(candle.low),
  money(candle.close),
  '0',
  candle.closeTime,
  '0',
  candle.count,
  '0',
  '0',
  '0',
]

/** One sample of `GET /futures/data/openInterestHist`. */
export const interestJson = (
  symbol: string,
  [time, openInterest, markPrice]: InterestRow,
): object => ({
  symbol,
  sumOpenInterest: money(openInterest),
  sumOpenInterestValue: money(toDecimalString(dec(openInterest).times(dec(markPrice)))),
  timestamp: time,
})
