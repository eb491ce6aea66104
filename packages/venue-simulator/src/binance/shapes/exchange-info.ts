import type { ExchangeInstrument } from '../../exchange/index.ts'
import type { OrderLimits } from '../order-limiter.ts'
import { padded } from './decimals.ts'

const ORDER_TYPES = [
  'LIMIT',
  'MARKET',
  'STOP',
  'STOP_MARKET',
  'TAKE_PROFIT',
  'TAKE_PROFIT_MARKET',
  'TRAILING_STOP_MARKET',
]

const filtersOf = (instrument: ExchangeInstrument): readonly object[] => [
  {
    filterType: 'PRICE_FILTER',
    minPrice: padded(instrument.minPrice, instrument.pricePrecision),
    maxPrice: instrument.maxPrice,
    tickSize: padded(instrument.tickSize, instrument.pricePrecision),
  },
  {
    filterType: 'LOT_SIZE',
    minQty: instrument.minQuantity,
    maxQty: instrument.maxQuantity,
    stepSize: instrument.stepSize,
  },
  {
    filterType: 'MARKET_LOT_SIZE',
    minQty: instrument.marketMinQuantity,
    maxQty: instrument.marketMaxQuantity,
    stepSize: instrument.stepSize,
  },
  { filterType: 'MAX_NUM_ORDERS', limit: instrument.maxOrders },
  { filterType: 'MIN_NOTIONAL', notional: instrument.minNotional },
  {
    filterType: 'PERCENT_PRICE',
    multiplierUp: instrument.multiplierUp,
    multiplierDown: instrument.multiplierDown,
    multiplierDecimal: '4',
  },
  { filterType: 'POSITION_RISK_CONTROL', positionControlSide: 'NONE' },
]

const symbolJson = (instrument: ExchangeInstrument): object => ({
  symbol: instrument.symbol,
  pair: instrument.symbol.split('_')[0],
  contractType: instrument.contractType,
  deliveryDate: instrument.deliveryDate,
  onboardDate: instrument.onboardDate,
  status: instrument.status,
  maintMarginPercent: '2.5000',
  requiredMarginPercent: '5.0000',
  baseAsset: instrument.baseAsset,
  quoteAsset: instrument.quoteAsset,
  marginAsset: instrument.quoteAsset,
  pricePrecision: instrument.pricePrecision,
  quantityPrecision: instrument.quantityPrecision,
  baseAssetPrecision: 8,
  quotePrecision: 8,
  underlyingType: 'COIN',
  underlyingSubType: [],
  settlePlan: 0,
  triggerProtect: instrument.triggerProtect,
  liquidationFee: instrument.liquidationFee,
  marketTakeBound: instrument.marketTakeBound,
  filters: filtersOf(instrument),
  orderTypes: ORDER_TYPES,
  timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
})

export type InfoOf = {
  readonly time: number
  readonly instruments: readonly ExchangeInstrument[]
  readonly weightLimit: number
  readonly orderLimits: OrderLimits
}

/** `GET /fapi/v1/exchangeInfo` (binance-ccxt-facts §2.2). */
export const exchangeInfoJson = ({
  time,
  instruments,
  weightLimit,
  orderLimits,
}: InfoOf): object => ({
  timezone: 'UTC',
  serverTime: time,
  futuresType: 'U_MARGINED',
  rateLimits: [
    {
      rateLimitType: 'REQUEST_WEIGHT',
      interval: 'MINUTE',
      intervalNum: 1,
      limit: weightLimit,
    },
    ...orderLimitsJson(orderLimits),
  ],
  exchangeFilters: [],
  assets: [...new Set(instruments.map(({ quoteAsset }) => quoteAsset))].map((asset) => ({
    asset,
    marginAvailable: true,
    autoAssetExchange: '0',
  })),
  symbols: instruments.map(symbolJson),
})

export const orderLimitsJson = ({ perTenSeconds, perMinute }: OrderLimits): readonly object[] => [
  { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: perMinute },
  { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: perTenSeconds },
]
