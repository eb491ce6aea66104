import type { NewOrder, OrderView, UserTrade } from '../../exchange/index.ts'
import { averaged, money, padded, quoted, type Places } from './decimals.ts'

/** What every answer about an order has. */
const common = (order: OrderView, places: Places): object => ({
  orderId: order.orderId,
  symbol: order.symbol,
  status: order.status,
  clientOrderId: order.clientOrderId,
  price: padded(order.price, places.price),
  origQty: padded(order.quantity, places.quantity),
  executedQty: padded(order.executedQuantity, places.quantity),
  timeInForce: order.timeInForce,
  type: order.type,
  reduceOnly: order.reduceOnly,
  closePosition: order.closePosition,
  side: order.side,
  positionSide: order.positionSide,
  stopPrice: padded(order.stopPrice, places.price),
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
export const orderAckJson = (order: OrderView, places: Places): object => ({
  ...common(order, places),
  cumQty: padded(order.executedQuantity, places.quantity),
})

/** The answer to amending. */
export const amendAckJson = (order: OrderView, places: Places): object => ({
  ...orderAckJson(order, places),
  pair: order.symbol.split('_')[0],
  ...(order.modifyId === null ? {} : { modifyId: order.modifyId }),
})

/** The answer to a question: with what the fills came to. */
export const orderJson = (order: OrderView, places: Places): object => ({
  ...common(order, places),
  avgPrice: averaged(order.averagePrice, places),
  cumQuote: quoted(order.cumulativeQuote, places),
  time: order.createdAt,
  ...(order.activatePrice === null
    ? {}
    : { activatePrice: padded(order.activatePrice, places.price) }),
  ...(order.callbackRate === null ? {} : { priceRate: order.callbackRate }),
})

/** As in lists of all orders. */
export const listedOrderJson = (order: OrderView, places: Places): object => ({
  ...orderJson(order, places),
  cumBase: padded(order.executedQuantity, places.quantity),
  pair: order.symbol.split('_')[0],
})

/** An order that was only checked: as it would have been told, with no number, for there is none. */
export const testedOrderJson = (order: NewOrder, places: Places, time: number): object => {
  const none = padded('0', places.price)
  return {
    orderId: 0,
    symbol: order.symbol,
    status: 'NEW',
    clientOrderId: order.clientOrderId ?? '',
    price: padded(order.price ?? '0', places.price),
    avgPrice: none,
    origQty: padded(order.quantity, places.quantity),
    executedQty: padded('0', places.quantity),
    cumQty: padded('0', places.quantity),
    cumQuote: quoted('0', places),
    timeInForce: order.timeInForce ?? 'GTC',
    type: order.type,
    reduceOnly: order.reduceOnly ?? false,
    closePosition: false,
    side: order.side,
    positionSide: order.positionSide ?? 'BOTH',
    stopPrice: none,
    workingType: 'CONTRACT_PRICE',
    priceProtect: false,
    origType: order.type,
    priceMatch: order.priceMatch ?? 'NONE',
    selfTradePreventionMode: order.selfTradePrevention ?? 'EXPIRE_MAKER',
    goodTillDate: order.goodTillDate ?? 0,
    updateTime: time,
  }
}

/** As in the list of those that the venue closed by itself: with less in it. */
export const forcedOrderJson = (order: OrderView, places: Places): object => ({
  orderId: order.orderId,
  symbol: order.symbol,
  pair: order.symbol.split('_')[0],
  status: order.status,
  clientOrderId: order.clientOrderId,
  price: padded(order.price, places.price),
  avgPrice: averaged(order.averagePrice, places),
  origQty: padded(order.quantity, places.quantity),
  executedQty: padded(order.executedQuantity, places.quantity),
  cumQuote: quoted(order.cumulativeQuote, places),
  cumBase: padded(order.executedQuantity, places.quantity),
  timeInForce: order.timeInForce,
  type: order.type,
  reduceOnly: order.reduceOnly,
  closePosition: order.closePosition,
  side: order.side,
  positionSide: order.positionSide,
  stopPrice: padded(order.stopPrice, places.price),
  workingType: order.workingType,
  origType: order.originalType,
  time: order.createdAt,
  updateTime: order.updatedAt,
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
export const userTradeJson = (trade: UserTrade, places: Places): object => ({
  symbol: trade.symbol,
  id: trade.id,
  orderId: trade.orderId,
  side: trade.side,
  price: padded(trade.price, places.price),
  qty: padded(trade.quantity, places.quantity),
  realizedPnl: money(trade.realizedPnl),
  quoteQty: quoted(trade.quote, places),
  baseQty: padded(trade.quantity, places.quantity),
  commission: money(trade.commission),
  commissionAsset: trade.commissionAsset,
  time: trade.time,
  positionSide: trade.positionSide,
  buyer: trade.side === 'BUY',
  maker: trade.maker,
})
