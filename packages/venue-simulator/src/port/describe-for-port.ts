import type { OrderStatus, OrderType } from '@tapedeck/contracts'
import { dec, type VenueFill, type VenueOrder } from '@tapedeck/core'
import type { FoundOrder, VenueInstrument } from '@tapedeck/venue'
import type {
  ConditionalOrderType,
  ConditionalView,
  ExchangeInstrument,
  OrderView,
  UserTrade,
} from '../exchange/index.ts'

const STATUS: Readonly<Record<OrderView['status'], OrderStatus>> = {
  NEW: 'ACCEPTED',
  PARTIALLY_FILLED: 'PARTIALLY_FILLED',
  FILLED: 'FILLED',
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
  EXPIRED_IN_MATCH: 'EXPIRED',
}

const TYPE: Readonly<Record<ConditionalOrderType, OrderType>> = {
  STOP: 'STOP_MARKET',
  STOP_MARKET: 'STOP_MARKET',
  TRAILING_STOP_MARKET: 'STOP_MARKET',
  TAKE_PROFIT: 'TAKE_PROFIT_MARKET',
  TAKE_PROFIT_MARKET: 'TAKE_PROFIT_MARKET',
}

const nullIfZero = (price: string): string | null => (price === '0' ? null : price)

export const describePlain = (order: OrderView, venue: string): FoundOrder => {
  const status = STATUS[order.status]
  const isOver = status === 'CANCELED' || status === 'EXPIRED'
  return {
    venue,
    symbol: order.symbol,
    clientOrderId: order.clientOrderId,
    venueOrderId: String(order.orderId),
    side: order.side,
    type: order.type,
    conditional: false,
    quantity: order.quantity,
    filledQuantity: order.executedQuantity,
    price: order.type === 'LIMIT' ? nullIfZero(order.price) : null,
    stopPrice: nullIfZero(order.stopPrice),
    reduceOnly: order.reduceOnly,
    status,
    reason: isOver ? order.status : null,
    at: order.updatedAt,
  }
}

const conditionalStatus = ({
  status,
  executedQuantity,
  quantity,
}: ConditionalView): OrderStatus => {
  if (status === 'FINISHED')
    return executedQuantity !== '0' && dec(executedQuantity).gte(dec(quantity))
      ? 'FILLED'
      : 'CANCELED'
  return status === 'CANCELED' || status === 'REJECTED' || status === 'EXPIRED'
    ? status
    : 'ACCEPTED'
}

/** A conditional order that has not become a market order. */
export const describeConditionalOrder = (order: ConditionalView, venue: string): FoundOrder => {
  const status = conditionalStatus(order)
  return {
    venue,
    symbol: order.symbol,
    clientOrderId: order.clientAlgoId,
    venueOrderId: String(order.algoId),
    side: order.side,
    type: TYPE[order.type],
    conditional: true,
    quantity: order.quantity,
    filledQuantity: order.executedQuantity,
    price: null,
    stopPrice: nullIfZero(order.triggerPrice),
    reduceOnly: order.reduceOnly,
    ...(order.status === 'TRIGGERING' ? { triggering: true } : {}),
    status,
    reason: status === 'ACCEPTED' || status === 'FILLED' ? null : order.status,
    at: order.updatedAt,
  }
}

/** Without what only a question about one order tells. */
export const toListed = ({ status, reason, at, ...order }: FoundOrder): VenueOrder => {
  void [status, reason, at]
  return order
}

export const describeFill = (trade: UserTrade, venue: string): VenueFill => ({
  venue,
  symbol: trade.symbol,
  fillId: `${trade.symbol}-${trade.id}`,
  clientOrderId: trade.clientOrderId,
  side: trade.side,
  quantity: trade.quantity,
  price: trade.price,
  fee: trade.commission,
  feeAsset: trade.commissionAsset,
  liquidity: trade.maker ? 'MAKER' : 'TAKER',
  at: trade.time,
})

export const describeInstrument = (one: ExchangeInstrument): VenueInstrument => ({
  symbol: one.symbol,
  base_asset: one.baseAsset,
  quote_asset: one.quoteAsset,
  tick_size: one.tickSize,
  lot_size: one.stepSize,
  min_quantity: one.minQuantity,
  min_notional: one.minNotional,
  max_quantity: one.maxQuantity,
  market_max_quantity: one.marketMaxQuantity,
  min_price: one.minPrice,
  max_price: one.maxPrice,
  status: one.status,
})
