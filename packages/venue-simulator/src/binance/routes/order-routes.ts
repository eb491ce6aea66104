import { API_ERRORS } from '../api-error.ts'
import { readAmendment, readOrder, readOrderKey, type ResponseType } from '../order-parameters.ts'
import type { OrderView } from '../../exchange/index.ts'
import { placesIn } from '../places-in.ts'
import { isRemembered } from '../remembered.ts'
import type { Answer, Call, Route } from '../route.ts'
import { done } from '../done.ts'
import { placesOf } from '../shapes/decimals.ts'
import {
  amendAckJson,
  asPlaced,
  orderAckJson,
  orderJson,
  testedOrderJson,
} from '../shapes/order-json.ts'
import { instrumentOf, optionalInstrumentOf } from '../with-symbol.ts'

/** What RESULT waits for: market orders and those that do not rest. A limit that rests is told as it came. */
const isFinalAtOnce = ({ type, timeInForce }: OrderView): boolean =>
  type === 'MARKET' || timeInForce === 'IOC' || timeInForce === 'FOK'

const asAnswered = (order: OrderView, responseType: ResponseType): OrderView =>
  responseType === 'RESULT' && isFinalAtOnce(order) ? order : asPlaced(order)

/** Places one order; also each of a batch. */
export const placeOrder = (call: Call): Answer => {
  const { order, responseType } = readOrder(call.parameters)
  const instrument = instrumentOf(call)
  const placed = done(call, call.exchange.placeOrder(call.account, order))
  return orderAckJson(asAnswered(placed, responseType), placesOf(instrument))
}

/** Checks one order as it would be checked, and forgets it. */
const testOrder = (call: Call): Answer => {
  const { order } = readOrder(call.parameters)
  const instrument = instrumentOf(call)
  done(call, call.exchange.testOrder(call.account, order))
  return testedOrderJson(order, placesOf(instrument), call.time)
}

export const amendOrder = (call: Call): Answer => {
  const change = readAmendment(call.parameters)
  const key = readOrderKey(call.parameters)
  const instrument = instrumentOf(call)
  const amended = call.exchange.amendOrder(call.account, instrument.symbol, key, change)
  return amendAckJson(done(call, amended), placesOf(instrument))
}

const cancelOrder = (call: Call): Answer => {
  call.parameters.require('symbol')
  const key = readOrderKey(call.parameters)
  const instrument = instrumentOf(call)
  const canceled = call.exchange.cancelOrder(call.account, instrument.symbol, key)
  return orderAckJson(done(call, canceled, 'cancel'), placesOf(instrument))
}

const cancelAll = (call: Call): Answer => {
  const { symbol } = instrumentOf(call)
  done(call, call.exchange.cancelAll(call.account, symbol))
  return { code: 200, msg: 'The operation of cancel all open order is done.' }
}

const countdown = (call: Call): Answer => {
  call.parameters.require('symbol', 'countdownTime')
  const countdownTime = call.parameters.integer('countdownTime')
  const { symbol } = instrumentOf(call)
  done(call, call.exchange.countdownCancelAll(call.account, symbol, countdownTime))
  return { symbol, countdownTime: String(countdownTime) }
}

const askedOrder = (call: Call): OrderView => {
  call.parameters.require('symbol')
  const key = readOrderKey(call.parameters)
  const { symbol } = instrumentOf(call)
  const order = call.exchange.order(call.account, symbol, key)
  if (order === null || !isRemembered(order, call.time)) throw API_ERRORS.noSuchOrder()
  return order
}

const rowsOf = (call: Call, orders: readonly OrderView[]): readonly object[] => {
  const places = placesIn(call)
  return orders.map((order) => orderJson(order, places(order.symbol)))
}

const openOrder = (call: Call): Answer => {
  const order = askedOrder(call)
  if (order.status !== 'NEW' && order.status !== 'PARTIALLY_FILLED') throw API_ERRORS.noSuchOrder()
  return rowsOf(call, [order])[0]!
}

const openOrders = (call: Call): Answer =>
  rowsOf(call, call.exchange.openOrders(call.account, optionalInstrumentOf(call)?.symbol))

const ONE_ORDER = { tenSeconds: 1, minute: 1 }

/** Plain orders one by one (binance-ccxt-facts §3.1, §3.3, §3.4). */
export const ORDER_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/fapi/v1/order',
    access: 'trade',
    weight: 0,
    orders: ONE_ORDER,
    answer: placeOrder,
  },
  {
    method: 'POST',
    path: '/fapi/v1/order/test',
    access: 'trade',
    weight: 0,
    answer: testOrder,
  },
  {
    method: 'PUT',
    path: '/fapi/v1/order',
    access: 'trade',
    weight: 0,
    orders: ONE_ORDER,
    answer: amendOrder,
  },
  { method: 'DELETE', path: '/fapi/v1/order', access: 'trade', weight: 1, answer: cancelOrder },
  {
    method: 'DELETE',
    path: '/fapi/v1/allOpenOrders',
    access: 'trade',
    weight: 1,
    answer: cancelAll,
  },
  {
    method: 'POST',
    path: '/fapi/v1/countdownCancelAll',
    access: 'trade',
    weight: 10,
    answer: countdown,
  },
  {
    method: 'GET',
    path: '/fapi/v1/order',
    access: 'read',
    weight: 1,
    answer: (call) => rowsOf(call, [askedOrder(call)])[0]!,
  },
  { method: 'GET', path: '/fapi/v1/openOrder', access: 'read', weight: 1, answer: openOrder },
  {
    method: 'GET',
    path: '/fapi/v1/openOrders',
    access: 'read',
    weight: (parameters) => (parameters.has('symbol') ? 1 : 40),
    answer: openOrders,
  },
]
