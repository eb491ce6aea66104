import type { ConditionalView } from '../../exchange/index.ts'
import { averaged, padded, type Places } from './decimals.ts'

/** The answer to placing a conditional order (binance-ccxt-facts §3.2). */
export const conditionalAckJson = (order: ConditionalView, places: Places): object => ({
  algoId: order.algoId,
  clientAlgoId: order.clientAlgoId,
  algoType: 'CONDITIONAL',
  orderType: order.type,
  symbol: order.symbol,
  side: order.side,
  positionSide: order.positionSide,
  timeInForce: order.timeInForce,
  quantity: padded(order.quantity, places.quantity),
  algoStatus: order.status,
  triggerPrice: padded(order.triggerPrice, places.price),
  price: padded(order.price, places.price),
  icebergQuantity: null,
  selfTradePreventionMode: order.selfTradePrevention,
  workingType: order.workingType,
  priceMatch: order.priceMatch,
  closePosition: order.closePosition,
  priceProtect: order.priceProtect,
  reduceOnly: order.reduceOnly,
  activatePrice: order.activatePrice === null ? '' : padded(order.activatePrice, places.price),
  callbackRate: order.callbackRate ?? '',
  createTime: order.createdAt,
  updateTime: order.updatedAt,
  triggerTime: order.triggeredAt,
  goodTillDate: order.goodTillDate,
})

/** The answer to a question about one. */
export const conditionalJson = (order: ConditionalView, places: Places): object => ({
  ...conditionalAckJson(order, places),
  actualOrderId: order.orderId === null ? '' : String(order.orderId),
  actualPrice: averaged(order.averagePrice, places),
  actualQty: padded(order.executedQuantity, places.quantity),
  actualType: order.orderType ?? '',
  tpTriggerPrice: padded('0', places.price),
  tpPrice: padded('0', places.price),
  slTriggerPrice: padded('0', places.price),
  slPrice: padded('0', places.price),
  tpOrderType: '',
})

/** `code` is text here, unlike everywhere else. */
export const conditionalCanceledJson = ({ algoId, clientAlgoId }: ConditionalView): object => ({
  algoId,
  clientAlgoId,
  code: '200',
  msg: 'success',
})
