import type { ConditionalKey, ConditionalView } from '../../exchange/index.ts'
import { API_ERRORS } from '../api-error.ts'
import { readConditional } from '../order-parameters.ts'
import { placesIn } from '../places-in.ts'
import { isConditionalRemembered } from '../remembered.ts'
import type { Answer, Call, Route } from '../route.ts'
import { done } from '../done.ts'
import {
  conditionalAckJson,
  conditionalCanceledJson,
  conditionalJson,
} from '../shapes/conditional-json.ts'
import { placesOf } from '../shapes/decimals.ts'
import { timeWindowOf } from '../time-window.ts'
import { instrumentOf, optionalInstrumentOf } from '../with-symbol.ts'

const DAYS_MAX = 7

const keyOf = ({ parameters }: Call): ConditionalKey => {
  const algoId = parameters.optionalInteger('algoId')
  if (algoId !== undefined) return { algoId }
  const clientAlgoId = parameters.optionalText('clientAlgoId')
  if (clientAlgoId === undefined) throw API_ERRORS.missingBoth('algoId', 'clientAlgoId')
  return { clientAlgoId }
}

const place = (call: Call): Answer => {
  const order = readConditional(call.parameters)
  const instrument = instrumentOf(call)
  return conditionalAckJson(
    done(call, call.exchange.placeConditional(call.account, order)),
    placesOf(instrument),
  )
}

const cancel = (call: Call): Answer =>
  conditionalCanceledJson(
    done(call, call.exchange.cancelConditional(call.account, keyOf(call)), 'cancel'),
  )

const cancelAll = (call: Call): Answer => {
  const { symbol } = instrumentOf(call)
  done(call, call.exchange.cancelAllConditionals(call.account, symbol))
  return { code: 200, msg: 'The operation of cancel all open order is done.' }
}

const rowsOf = (call: Call, orders: readonly ConditionalView[]): readonly object[] => {
  const places = placesIn(call)
  return orders.map((order) => conditionalJson(order, places(order.symbol)))
}

const ask = (call: Call): Answer => {
  const order = call.exchange.conditional(call.account, keyOf(call))
  if (order === null || !isConditionalRemembered(order, call.time)) throw API_ERRORS.noSuchOrder()
  return rowsOf(call, [order])[0]!
}

const open = (call: Call): Answer => {
  const symbol = optionalInstrumentOf(call)?.symbol
  const algoId = call.parameters.optionalInteger('algoId')
  const orders = call.exchange.openConditionals(call.account, symbol)
  return rowsOf(
    call,
    orders.filter((order) => algoId === undefined || order.algoId === algoId),
  )
}

const all = (call: Call): Answer => {
  const { symbol } = instrumentOf(call)
  const from = call.parameters.optionalInteger('algoId')
  const limit = call.parameters.limit(500, 1000)
  const { start, end } = timeWindowOf(call, DAYS_MAX)
  const orders = call.exchange
    .conditionalsOf(call.account, symbol)
    .filter((order) => isConditionalRemembered(order, call.time))
  if (from !== undefined)
    return rowsOf(call, orders.filter(({ algoId }) => algoId >= from).slice(0, limit))
  const inWindow = orders.filter(({ createdAt }) => createdAt >= start && createdAt <= end)
  const some = call.parameters.has('startTime') ? inWindow.slice(0, limit) : inWindow.slice(-limit)
  return rowsOf(call, some)
}

/** Conditional orders (binance-ccxt-facts §3.2). They cannot be amended. */
export const CONDITIONAL_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/fapi/v1/algoOrder',
    access: 'trade',
    weight: 0,
    orders: { tenSeconds: 1, minute: 1 },
    answer: place,
  },
  { method: 'DELETE', path: '/fapi/v1/algoOrder', access: 'trade', weight: 1, answer: cancel },
  {
    method: 'DELETE',
    path: '/fapi/v1/algoOpenOrders',
    access: 'trade',
    weight: 1,
    answer: cancelAll,
  },
  { method: 'GET', path: '/fapi/v1/algoOrder', access: 'read', weight: 1, answer: ask },
  {
    method: 'GET',
    path: '/fapi/v1/openAlgoOrders',
    access: 'read',
    weight: (parameters) => (parameters.has('symbol') ? 1 : 40),
    answer: open,
  },
  { method: 'GET', path: '/fapi/v1/allAlgoOrders', access: 'read', weight: 5, answer: all },
]
