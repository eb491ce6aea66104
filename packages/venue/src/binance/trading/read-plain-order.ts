import type { OrderStatus, OrderType, Side } from '@tapedeck/contracts'
import type { FoundOrder } from '../../port/index.ts'
import type { AnswerFields } from '../rest/index.ts'

export const SIDES: Readonly<Record<string, Side>> = { BUY: 'BUY', SELL: 'SELL' }

/** Types that we place, and what those that only others place come down to. */
export const TYPES: Readonly<Record<string, OrderType>> = {
  LIMIT: 'LIMIT',
  MARKET: 'MARKET',
  LIQUIDATION: 'MARKET',
  STOP_MARKET: 'STOP_MARKET',
  STOP: 'STOP_MARKET',
  TRAILING_STOP_MARKET: 'STOP_MARKET',
  TAKE_PROFIT_MARKET: 'TAKE_PROFIT_MARKET',
  TAKE_PROFIT: 'TAKE_PROFIT_MARKET',
}

const STATUSES: Readonly<Record<string, OrderStatus>> = {
  NEW: 'ACCEPTED',
  NEW_INSURANCE: 'ACCEPTED',
  NEW_ADL: 'ACCEPTED',
  PARTIALLY_FILLED: 'PARTIALLY_FILLED',
  FILLED: 'FILLED',
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
  EXPIRED_IN_MATCH: 'EXPIRED',
  REJECTED: 'REJECTED',
}

/** Null for the zero with which the venue says "none". */
export const priceOrNull = (fields: AnswerFields, field: string): string | null => {
  if (!fields.has(field)) return null
  const price = fields.decimal(field)
  return price === '0' ? null : price
}

/** An order of `/order` or `/openOrders`: binance-ccxt-facts §3.1. */
export const readPlainOrder = (fields: AnswerFields, venue: string): FoundOrder => {
  const type = fields.word('type', TYPES)
  const status = fields.word('status', STATUSES)
  const isOver = status === 'CANCELED' || status === 'EXPIRED' || status === 'REJECTED'
  return {
    venue,
    symbol: fields.text('symbol'),
    clientOrderId: fields.text('clientOrderId'),
    venueOrderId: fields.id('orderId'),
    side: fields.word('side', SIDES),
    type,
    conditional: false,
    quantity: fields.decimal('origQty'),
    filledQuantity: fields.decimal('executedQty'),
    price: type === 'LIMIT' ? priceOrNull(fields, 'price') : null,
    stopPrice: priceOrNull(fields, 'stopPrice'),
    reduceOnly: fields.flag('reduceOnly'),
    status,
    reason: isOver ? fields.text('status') : null,
    at: fields.firstTime('updateTime', 'time'),
  }
}
