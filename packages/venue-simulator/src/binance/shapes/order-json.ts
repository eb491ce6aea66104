import type { OrderView, UserTrade } from '../../exchange/index.ts'

/** What every answer about an order has. */
const common = (order: OrderView): object => ({
  orderId: order.orderId,
  symbol: order.symbol,
  status: order.status,
  clientOrderId: order.clientOrderId,
  price: order.price,
  origQty: order.quantity,
  executedQty: order.executedQuantity,
  timeInForce: order.timeInForce,
  type: order.type,
  reduceOnly: order.reduceOnly,
  closePosition: order.closePosition,
  side: order.side,
  positionSide: order.positionSide,
  stopPrice: order.stopPrice,
  workingType: order.workingType,
  priceProtect: order.priceProtect,
  origType: order.originalType,
  priceMatch: order.priceMatch,
  selfTradePreventionMode: order.selfTradePrevention,
  goodTillDate: order.goodTillDate,
  updateTime: order.updatedAt,
})

/**
 * The answer to placing and canceling: since 2026-06-30 without average price and quote amounts
 * (binance-ccxt-facts §3.1).
 */
export const orderAckJson = (order: OrderView): object => ({
  ...common(order),
  cumQty: order.executedQuantity,
})

/** The answer to amending. */
export const amendAckJson = (order: OrderView): object => ({
  ...orderAckJson(order),
  pair: order.symbol.split('_')[0],
  ...(order.modifyId === null ? {} : { modifyId: order.modifyId }),
})

/** The answer to a question: with what the fills came to. */
export const orderJson = (order: OrderView): object => ({
  ...common(order),
  avgPrice: order.averagePrice,
  cumQuote: order.cumulativeQuote,
  time: order.createdAt,
  ...(order.activatePrice === null ? {} : { activatePrice: order.activatePrice }),
  ...(order.callbackRate === null ? {} : { priceRate: order.callbackRate }),
})

/** As in lists of all orders. */
export const listedOrderJson = (order: OrderView): object => ({
  ...orderJson(order),
  cumBase: order.executedQuantity,
  pair: order.symbol.split('_')[0],
})

/** The same order before anything filled: what an acknowledgment says that does not wait for the result. */
export const asPlaced = (order: OrderView): OrderView => ({
  ...order,
  status: 'NEW',
  executedQuantity: '0',
  cumulativeQuote: '0',
  averagePrice: '0',
  updatedAt: order.createdAt,
})

/** `GET /fapi/v1/userTrades` (binance-ccxt-facts §3.4). */
export const userTradeJson = (trade: UserTrade): object => ({
  symbol: trade.symbol,
  id: trade.id,
  orderId: trade.orderId,
  side: trade.side,
  price: trade.price,
  qty: trade.quantity,
  realizedPnl: trade.realizedPnl,
  quoteQty: trade.quote,
  baseQty: trade.quantity,
  commission: trade.commission,
  commissionAsset: trade.commissionAsset,
  time: trade.time,
  positionSide: trade.positionSide,
  buyer: trade.side === 'BUY',
  maker: trade.maker,
})
