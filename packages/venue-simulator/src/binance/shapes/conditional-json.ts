import type { ConditionalView } from '../../exchange/index.ts'

/** The answer to placing a conditional order (binance-ccxt-facts §3.2). */
export const conditionalAckJson = (order: ConditionalView): object => ({
  algoId: order.algoId,
  clientAlgoId: order.clientAlgoId,
  algoType: 'CONDITIONAL',
  orderType: order.type,
  symbol: order.symbol,
  side: order.side,
  positionSide: order.positionSide,
  timeInForce: order.timeInForce,
  quantity: order.quantity,
  algoStatus: order.status,
  triggerPrice: order.triggerPrice,
  price: order.price,
  icebergQuantity: null,
  selfTradePreventionMode: order.selfTradePrevention,
  workingType: order.workingType,
  priceMatch: order.priceMatch,
  closePosition: order.closePosition,
  priceProtect: order.priceProtect,
  reduceOnly: order.reduceOnly,
  activatePrice: order.activatePrice ?? '',
  callbackRate: order.callbackRate ?? '',
  createTime: order.createdAt,
  updateTime: order.updatedAt,
  triggerTime: order.triggeredAt,
  goodTillDate: order.goodTillDate,
})

/** The answer to a question about one. */
export const conditionalJson = (order: ConditionalView): object => ({
  ...conditionalAckJson(order),
  actualOrderId: order.orderId === null ? '' : String(order.orderId),
  actualPrice: order.averagePrice,
  actualQty: order.executedQuantity,
  actualType: order.orderType ?? '',
  tpTriggerPrice: '0',
  tpPrice: '0',
  slTriggerPrice: '0',
  slPrice: '0',
  tpOrderType: '',
})

/** `code` is text here, unlike everywhere else. */
export const conditionalCanceledJson = ({ algoId, clientAlgoId }: ConditionalView): object => ({
  algoId,
  clientAlgoId,
  code: '200',
  msg: 'success',
})
