import type { Shape } from './check-fields.ts'
import { DONE, of } from './shapes.ts'

/** What every order has, wherever it is told (binance-ccxt-facts §3.1). */
const ORDER = {
  orderId: 'i',
  symbol: 's',
  status: '=NEW,PARTIALLY_FILLED,FILLED,CANCELED,EXPIRED,EXPIRED_IN_MATCH',
  clientOrderId: 's',
  price: 'd',
  origQty: 'd',
  executedQty: 'd',
  timeInForce: '=GTC,IOC,FOK,GTX,GTD,RPI,GTE_GTC',
  type: '=LIMIT,MARKET,LIQUIDATION',
  reduceOnly: 'b',
  closePosition: 'b',
  side: '=BUY,SELL',
  positionSide: '=BOTH,LONG,SHORT',
  stopPrice: 'd',
  workingType: '=CONTRACT_PRICE,MARK_PRICE',
  priceProtect: 'b',
  origType:
    '=LIMIT,MARKET,STOP,STOP_MARKET,TAKE_PROFIT,TAKE_PROFIT_MARKET,TRAILING_STOP_MARKET,LIQUIDATION',
  priceMatch: 's',
  selfTradePreventionMode: 's',
  goodTillDate: 'i',
  updateTime: 'i',
}
const ACK = of({ ...ORDER, cumQty: 'd' })
const AMENDED = of({ ...ORDER, cumQty: 'd', pair: 's', 'modifyId?': 'i' })
const ASKED = { ...ORDER, avgPrice: 'd', cumQuote: 'd', time: 'i' }
const TRAILING = { 'activatePrice?': 'd', 'priceRate?': 'd' }
const FORCED = of({
  ...Object.fromEntries(
    Object.entries(ASKED).filter(
      ([name]) =>
        !['priceProtect', 'priceMatch', 'selfTradePreventionMode', 'goodTillDate'].includes(name),
    ),
  ),
  cumBase: 'd',
  pair: 's',
})
const REFUSED = of({ code: 'i', msg: 's' })
const ALGO = {
  algoId: 'i',
  clientAlgoId: 's',
  algoType: '=CONDITIONAL',
  orderType: '=STOP_MARKET,TAKE_PROFIT_MARKET,STOP,TAKE_PROFIT,TRAILING_STOP_MARKET',
  symbol: 's',
  side: '=BUY,SELL',
  positionSide: '=BOTH,LONG,SHORT',
  timeInForce: '=GTC,IOC,FOK,GTX,GTD,GTE_GTC',
  quantity: 'd',
  algoStatus: '=NEW,TRIGGERING,TRIGGERED,FINISHED,CANCELED,REJECTED,EXPIRED',
  triggerPrice: 'd',
  price: 'd',
  icebergQuantity: 'd|null',
  selfTradePreventionMode: 's',
  workingType: '=CONTRACT_PRICE,MARK_PRICE',
  priceMatch: 's',
  closePosition: 'b',
  priceProtect: 'b',
  reduceOnly: 'b',
  activatePrice: 's',
  callbackRate: 's',
  createTime: 'i',
  updateTime: 'i',
  triggerTime: 'i',
  goodTillDate: 'i',
}
const ALGO_ASKED = of({
  ...ALGO,
  actualOrderId: 's',
  actualPrice: 'd',
  actualQty: 'd',
  actualType: 's',
  tpTriggerPrice: 'd',
  tpPrice: 'd',
  slTriggerPrice: 'd',
  slPrice: 'd',
  tpOrderType: 's',
})

/** Answers about orders with status 200, by method and path (binance-ccxt-facts §3.1 to §3.4). */
export const ORDER_REST_FIELDS: Readonly<Record<string, Shape>> = {
  'POST /fapi/v1/order': ACK,
  'POST /fapi/v1/order/test': of({ ...ORDER, cumQty: 'd', avgPrice: 'd', cumQuote: 'd' }),
  'PUT /fapi/v1/order': AMENDED,
  'DELETE /fapi/v1/order': ACK,
  'GET /fapi/v1/order': of({ ...ASKED, ...TRAILING }),
  'GET /fapi/v1/openOrder': of({ ...ASKED, ...TRAILING }),
  'GET /fapi/v1/openOrders': [of({ ...ASKED, ...TRAILING })],
  'GET /fapi/v1/allOrders': [of({ ...ASKED, ...TRAILING, cumBase: 'd', pair: 's' })],
  'GET /fapi/v1/forceOrders': [FORCED],
  'DELETE /fapi/v1/allOpenOrders': DONE,
  'POST /fapi/v1/batchOrders': [{ anyOf: [ACK, REFUSED] }],
  'PUT /fapi/v1/batchOrders': [{ anyOf: [AMENDED, REFUSED] }],
  'DELETE /fapi/v1/batchOrders': [{ anyOf: [ACK, REFUSED] }],
  'POST /fapi/v1/countdownCancelAll': of({ symbol: 's', countdownTime: 'd|i' }),
  'POST /fapi/v1/algoOrder': of(ALGO),
  'GET /fapi/v1/algoOrder': ALGO_ASKED,
  'GET /fapi/v1/openAlgoOrders': [ALGO_ASKED],
  'GET /fapi/v1/allAlgoOrders': [ALGO_ASKED],
  // Text here and nowhere else.
  'DELETE /fapi/v1/algoOrder': of({
    algoId: 'i',
    clientAlgoId: 's',
    code: '=200',
    msg: '=success',
  }),
  'DELETE /fapi/v1/algoOpenOrders': DONE,
  'GET /fapi/v1/userTrades': [
    of({
      symbol: 's',
      id: 'i',
      orderId: 'i',
      side: '=BUY,SELL',
      price: 'd',
      qty: 'd',
      realizedPnl: 'd',
      quoteQty: 'd',
      baseQty: 'd',
      commission: 'd',
      commissionAsset: 's',
      time: 'i',
      positionSide: '=BOTH,LONG,SHORT',
      buyer: 'b',
      maker: 'b',
    }),
  ],
}
