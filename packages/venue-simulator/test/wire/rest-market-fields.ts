import type { Shape } from './check-fields.ts'
import { of, oneOrAll, LIMIT } from './shapes.ts'

const LEVELS: Shape = [{ tuple: ['d', 'd'] }]
/** Of what is not traded here. */
const NO_SYMBOLS = of({
  timezone: 's',
  serverTime: 'i',
  rateLimits: [of(LIMIT)],
  exchangeFilters: ['s'],
  symbols: [of({})],
})
const BOOK = of({ lastUpdateId: 'i', E: 'i', T: 'i', bids: LEVELS, asks: LEVELS })
const KLINES: Shape = [{ tuple: ['i', 'd', 'd', 'd', 'd', 'd', 'i', 'd', 'i', 'd', 'd', 'd'] }]
const TRADES: Shape = [
  of({
    id: 'i',
    price: 'd',
    qty: 'd',
    quoteQty: 'd',
    time: 'i',
    isBuyerMaker: 'b',
    'isRPITrade?': 'b',
  }),
]
const FILTER: Shape = {
  anyOf: [
    of({ filterType: '=PRICE_FILTER', minPrice: 'd', maxPrice: 'd', tickSize: 'd' }),
    of({ filterType: '=LOT_SIZE,MARKET_LOT_SIZE', minQty: 'd', maxQty: 'd', stepSize: 'd' }),
    of({ filterType: '=MAX_NUM_ORDERS', limit: 'i' }),
    of({ filterType: '=MIN_NOTIONAL', notional: 'd' }),
    of({
      filterType: '=PERCENT_PRICE',
      multiplierUp: 'd',
      multiplierDown: 'd',
      multiplierDecimal: 'd',
    }),
    of({ filterType: '=POSITION_RISK_CONTROL', positionControlSide: 's' }),
  ],
}
const SYMBOL = of({
  symbol: 's',
  pair: 's',
  contractType: '=PERPETUAL,CURRENT_QUARTER,NEXT_QUARTER,TRADIFI_PERPETUAL',
  deliveryDate: 'i',
  onboardDate: 'i',
  status: 's',
  maintMarginPercent: 'd',
  requiredMarginPercent: 'd',
  baseAsset: 's',
  quoteAsset: 's',
  marginAsset: 's',
  pricePrecision: 'i',
  quantityPrecision: 'i',
  baseAssetPrecision: 'i',
  quotePrecision: 'i',
  underlyingType: 's',
  underlyingSubType: ['s'],
  settlePlan: 'i',
  triggerProtect: 'd',
  liquidationFee: 'd',
  marketTakeBound: 'd',
  filters: [FILTER],
  orderTypes: ['s'],
  timeInForce: ['s'],
})

/** Public answers with status 200, by method and path (binance-ccxt-facts §2.2). */
export const MARKET_REST_FIELDS: Readonly<Record<string, Shape>> = {
  'GET /fapi/v1/ping': of({}),
  'GET /fapi/v1/time': of({ serverTime: 'i' }),
  'GET /fapi/v1/exchangeInfo': of({
    timezone: 's',
    serverTime: 'i',
    futuresType: '=U_MARGINED',
    rateLimits: [of(LIMIT)],
    exchangeFilters: ['s'],
    assets: [of({ asset: 's', marginAvailable: 'b', autoAssetExchange: 'd|null' })],
    symbols: [SYMBOL],
  }),
  'GET /fapi/v1/depth': BOOK,
  'GET /fapi/v1/rpiDepth': BOOK,
  'GET /fapi/v1/trades': TRADES,
  'GET /fapi/v1/historicalTrades': TRADES,
  'GET /fapi/v1/aggTrades': [
    of({ a: 'i', p: 'd', q: 'd', nq: 'd', f: 'i', l: 'i', T: 'i', m: 'b' }),
  ],
  'GET /fapi/v1/klines': KLINES,
  'GET /fapi/v1/continuousKlines': KLINES,
  'GET /fapi/v1/markPriceKlines': KLINES,
  'GET /fapi/v1/indexPriceKlines': KLINES,
  'GET /futures/data/openInterestHist': [
    of({
      symbol: 's',
      sumOpenInterest: 'd',
      sumOpenInterestValue: 'd',
      'CMCCirculatingSupply?': 'd',
      timestamp: 'i',
    }),
  ],
  'GET /fapi/v1/insuranceBalance': oneOrAll(
    of({ symbols: ['s'], assets: [of({ asset: 's', marginBalance: 'd', updateTime: 'i' })] }),
  ),
  'GET /api/v3/ping': of({}),
  'GET /api/v3/time': of({ serverTime: 'i' }),
  'GET /api/v3/exchangeInfo': NO_SYMBOLS,
  'GET /dapi/v1/exchangeInfo': NO_SYMBOLS,
  'GET /sapi/v1/equity/market/exchangeInfo': NO_SYMBOLS,
  'GET /sapi/v1/margin/allPairs': [of({})],
  'GET /sapi/v1/margin/isolated/allPairs': [of({})],
  'GET /sapi/v1/system/status': of({ status: 'i', msg: 's' }),
  'GET /fapi/v1/premiumIndex': oneOrAll(
    of({
      symbol: 's',
      markPrice: 'd',
      indexPrice: 'd',
      estimatedSettlePrice: 'd',
      lastFundingRate: 'd',
      interestRate: 'd',
      nextFundingTime: 'i',
      time: 'i',
    }),
  ),
  'GET /fapi/v1/fundingRate': [
    of({ symbol: 's', fundingRate: 'd', fundingTime: 'i', markPrice: 'd', rateType: 's' }),
  ],
  'GET /fapi/v1/fundingInfo': [
    of({
      symbol: 's',
      adjustedFundingRateCap: 'd',
      adjustedFundingRateFloor: 'd',
      fundingIntervalHours: 'i',
      disclaimer: 'b',
    }),
  ],
  'GET /fapi/v1/openInterest': of({ openInterest: 'd', symbol: 's', time: 'i' }),
  'GET /fapi/v1/ticker/bookTicker': oneOrAll(
    of({
      symbol: 's',
      bidPrice: 'd',
      bidQty: 'd',
      askPrice: 'd',
      askQty: 'd',
      time: 'i',
      'lastUpdateId?': 'i',
    }),
  ),
  'GET /fapi/v1/ticker/24hr': oneOrAll(
    of({
      symbol: 's',
      priceChange: 'd',
      priceChangePercent: 'd',
      weightedAvgPrice: 'd',
      lastPrice: 'd',
      lastQty: 'd',
      openPrice: 'd',
      highPrice: 'd',
      lowPrice: 'd',
      volume: 'd',
      quoteVolume: 'd',
      openTime: 'i',
      closeTime: 'i',
      firstId: 'i',
      lastId: 'i',
      count: 'i',
    }),
  ),
  'GET /fapi/v1/ticker/price': oneOrAll(of({ symbol: 's', price: 'd', time: 'i' })),
  'GET /fapi/v2/ticker/price': oneOrAll(of({ symbol: 's', price: 'd', time: 'i' })),
}
