import type {
  AggregateTrade,
  BookTickerView,
  DayTicker,
  Kline,
  LevelView,
  LiquidationView,
  PremiumIndex,
  PublicTrade,
} from '../exchange/index.ts'
import type { Payload } from '../faults/index.ts'

/** `st`: 1 is USD-M, 2 coin-M. */
const USD_M = 1

/** The pair of a perpetual is its symbol; a delivery contract's comes before the underscore. */
const pairOf = (symbol: string): string => symbol.split('_', 1)[0]!

/** Payloads of binance-ccxt-facts §1.4: decimals are strings, times and ids integers. `at` is `E`. */
export const aggTradePayload = (trade: AggregateTrade, at: number): Payload => ({
  e: 'aggTrade',
  E: at,
  a: trade.id,
  s: trade.symbol,
  p: trade.price,
  q: trade.quantity,
  // Nobody trades at retail price improvement here, so nothing is left out.
  nq: trade.quantity,
  f: trade.firstTradeId,
  l: trade.lastTradeId,
  T: trade.time,
  m: trade.buyerIsMaker,
  st: USD_M,
})

export const tradePayload = (trade: PublicTrade, at: number): Payload => ({
  e: 'trade',
  E: at,
  T: trade.time,
  s: trade.symbol,
  t: trade.id,
  p: trade.price,
  q: trade.quantity,
  X: trade.excluded ? 'INSURANCE_FUND' : 'MARKET',
  m: trade.buyerIsMaker,
  st: USD_M,
})

export type DepthPayloadParts = {
  readonly symbol: string
  readonly time: number
  readonly firstId: number
  readonly lastId: number
  readonly previousId: number
  readonly bids: readonly LevelView[]
  readonly asks: readonly LevelView[]
}

/** Diff and partial depth alike. */
export const depthPayload = (depth: DepthPayloadParts, at: number): Payload => ({
  e: 'depthUpdate',
  E: at,
  T: depth.time,
  s: depth.symbol,
  ps: pairOf(depth.symbol),
  st: USD_M,
  U: depth.firstId,
  u: depth.lastId,
  pu: depth.previousId,
  b: depth.bids,
  a: depth.asks,
})

export const bookTickerPayload = (ticker: BookTickerView, at: number): Payload => ({
  e: 'bookTicker',
  u: ticker.updateId,
  E: at,
  T: ticker.time,
  s: ticker.symbol,
  ps: pairOf(ticker.symbol),
  b: ticker.bidPrice,
  B: ticker.bidQuantity,
  a: ticker.askPrice,
  A: ticker.askQuantity,
  st: USD_M,
})

export const klinePayload = (kline: Kline, at: number): Payload => ({
  e: 'kline',
  E: at,
  s: kline.symbol,
  k: {
    t: kline.openTime,
    T: kline.closeTime,
    s: kline.symbol,
    i: kline.interval,
    f: kline.firstTradeId,
    L: kline.lastTradeId,
    o: kline.open,
    c: kline.close,
    h: kline.high,
    l: kline.low,
    v: kline.volume,
    n: kline.trades,
    x: kline.closed,
    q: kline.quoteVolume,
    V: kline.takerBuyVolume,
    Q: kline.takerBuyQuoteVolume,
    B: '0',
  },
})

/** The same by pair and kind of contract, e.g. `perpetual`. */
export const continuousKlinePayload = (kline: Kline, contract: string, at: number): Payload => {
  const { k } = klinePayload(kline, at)
  return {
    e: 'continuous_kline',
    E: at,
    ps: pairOf(kline.symbol),
    ct: contract.toUpperCase(),
    k: Object.fromEntries(Object.entries(k as Payload).filter(([name]) => name !== 's')),
  }
}

/** `averagePrice`: the mark's moving average. */
export const markPayload = (mark: PremiumIndex, averagePrice: string, at: number): Payload => ({
  e: 'markPriceUpdate',
  E: at,
  s: mark.symbol,
  p: mark.markPrice,
  ap: averagePrice,
  i: mark.indexPrice,
  // Settlement of a perpetual is an estimate that nobody needs: the index.
  P: mark.indexPrice,
  r: mark.fundingRate,
  T: mark.nextFundingTime,
  st: USD_M,
})

export const miniTickerPayload = (ticker: DayTicker, at: number): Payload => ({
  e: '24hrMiniTicker',
  E: at,
  s: ticker.symbol,
  ps: pairOf(ticker.symbol),
  c: ticker.lastPrice,
  o: ticker.openPrice,
  h: ticker.highPrice,
  l: ticker.lowPrice,
  v: ticker.volume,
  q: ticker.quoteVolume,
  st: USD_M,
})

export const tickerPayload = (ticker: DayTicker, at: number): Payload => ({
  e: '24hrTicker',
  E: at,
  s: ticker.symbol,
  ps: pairOf(ticker.symbol),
  p: ticker.priceChange,
  P: ticker.priceChangePercent,
  w: ticker.weightedAveragePrice,
  c: ticker.lastPrice,
  Q: ticker.lastQuantity,
  o: ticker.openPrice,
  h: ticker.highPrice,
  l: ticker.lowPrice,
  v: ticker.volume,
  q: ticker.quoteVolume,
  O: ticker.openTime,
  C: ticker.closeTime,
  F: ticker.firstId,
  L: ticker.lastId,
  n: ticker.count,
  st: USD_M,
})

/** The stream of one symbol has no `st` and no `ps` on the envelope; the stream of all has. */
export const forceOrderPayload = (order: LiquidationView, at: number, ofAll: boolean): Payload => ({
  e: 'forceOrder',
  E: at,
  o: {
    s: order.symbol,
    S: order.side,
    o: 'LIMIT',
    f: 'IOC',
    q: order.quantity,
    p: order.price,
    ap: order.averagePrice,
    X: order.status,
    l: order.lastQuantity,
    z: order.executedQuantity,
    T: order.time,
  },
  ...(ofAll ? { ps: pairOf(order.symbol), st: USD_M } : {}),
})
