import type { ClientAnswer, Values, VenueClient } from '../../venue/testing/venue-client.ts'

/** Orders that a still market takes. For tests. */
export const LIMIT = {
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '0.010',
  price: '59000',
  timeInForce: 'GTC',
}
export const MARKET = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.010' }
export const STOP = {
  algoType: 'CONDITIONAL',
  symbol: 'BTCUSDT',
  side: 'SELL',
  type: 'STOP_MARKET',
  quantity: '0.010',
  triggerPrice: '59000',
}

export const without = (values: Values, ...names: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))

export const place = (client: VenueClient, values: Values): ClientAnswer =>
  client.signed('POST', '/fapi/v1/order', values)

export const placeConditional = (client: VenueClient, values: Values): ClientAnswer =>
  client.signed('POST', '/fapi/v1/algoOrder', values)

export type Json = Record<string, unknown>

/** What the acknowledgment of a plain order has, in order. */
export const ACK_FIELDS: readonly string[] = [
  'clientOrderId',
  'closePosition',
  'cumQty',
  'executedQty',
  'goodTillDate',
  'orderId',
  'origQty',
  'origType',
  'positionSide',
  'price',
  'priceMatch',
  'priceProtect',
  'reduceOnly',
  'selfTradePreventionMode',
  'side',
  'status',
  'stopPrice',
  'symbol',
  'timeInForce',
  'type',
  'updateTime',
  'workingType',
]
