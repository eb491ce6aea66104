import { API_ERRORS, ApiError } from '../api-error.ts'
import { Parameters } from '../parameters.ts'
import type { OrderKey } from '../../exchange/index.ts'
import type { Answer, Call, Route } from '../route.ts'
import { done } from '../done.ts'
import { placesOf } from '../shapes/decimals.ts'
import { orderAckJson } from '../shapes/order-json.ts'
import { instrumentOf } from '../with-symbol.ts'
import { amendOrder, placeOrder } from './order-routes.ts'

const PLACED_MAX = 5
const CANCELED_MAX = 10

const readJson = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw API_ERRORS.invalid(name)
  }
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const listOf = (text: string, name: string): readonly unknown[] => {
  const list = readJson(text, name)
  if (!Array.isArray(list)) throw API_ERRORS.invalid(name)
  return list as unknown[]
}

/** One item of a batch as if its fields had been sent as parameters. */
const itemParameters = (item: unknown): Parameters => {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw API_ERRORS.invalid('batchOrders')
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(item))
    if (isScalar(value)) values.set(name, String(value))
    else if (value !== null && value !== undefined) throw API_ERRORS.invalid(name)
  return new Parameters(values)
}

/** The answer to one of several: what was done, or why not. */
const attempt = (act: () => Answer): Answer => {
  try {
    return act()
  } catch (error) {
    if (error instanceof ApiError) return error.toJson()
    throw error
  }
}

const inBatch =
  (one: (call: Call) => Answer) =>
  (call: Call): Answer => {
    const items = listOf(call.parameters.text('batchOrders'), 'batchOrders')
    if (items.length < 1 || items.length > PLACED_MAX)
      throw API_ERRORS.invalidBatchSize(items.length)
    return items.map((item) => attempt(() => one({ ...call, parameters: itemParameters(item) })))
  }

/** A list under any of its names: clients spell them in lower case too (binance-ccxt-facts §6.1, rule 4). */
const listNamed = ({ parameters }: Call, name: string): readonly unknown[] | null => {
  const text = parameters.peek(name) ?? parameters.peek(name.toLowerCase())
  return text === undefined ? null : listOf(text, name)
}

const orderIdKey = (item: unknown): OrderKey => {
  const orderId = isScalar(item) && /^\d{1,16}$/.test(String(item)) ? Number(item) : -1
  if (!Number.isSafeInteger(orderId) || orderId < 0) throw API_ERRORS.invalid('orderIdList')
  return { orderId }
}

const clientIdKey = (item: unknown): OrderKey => {
  if (!isScalar(item)) throw API_ERRORS.invalid('origClientOrderIdList')
  return { clientOrderId: String(item) }
}

const keysOf = (call: Call): readonly OrderKey[] => {
  const ids = listNamed(call, 'orderIdList')
  const clientIds = listNamed(call, 'origClientOrderIdList')
  if (ids === null && clientIds === null)
    throw API_ERRORS.missingBoth('orderIdList', 'origClientOrderIdList')
  const keys = ids !== null ? ids.map(orderIdKey) : clientIds!.map(clientIdKey)
  if (keys.length < 1 || keys.length > CANCELED_MAX) throw API_ERRORS.tooManyCancels()
  return keys
}

const cancelBatch = (call: Call): Answer => {
  call.parameters.require('symbol')
  const keys = keysOf(call)
  const instrument = instrumentOf(call)
  const { symbol } = instrument
  return keys.map((key) =>
    attempt(() =>
      orderAckJson(
        done(call, call.exchange.cancelOrder(call.account, symbol, key), 'cancel'),
        placesOf(instrument),
      ),
    ),
  )
}

const FIVE_ORDERS = { tenSeconds: 5, minute: 1 }

/** Several plain orders at once (binance-ccxt-facts §3.4). */
export const BATCH_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/fapi/v1/batchOrders',
    access: 'trade',
    weight: 5,
    orders: FIVE_ORDERS,
    answer: inBatch(placeOrder),
  },
  {
    method: 'PUT',
    path: '/fapi/v1/batchOrders',
    access: 'trade',
    weight: 5,
    orders: FIVE_ORDERS,
    answer: inBatch(amendOrder),
  },
  {
    method: 'DELETE',
    path: '/fapi/v1/batchOrders',
    access: 'trade',
    weight: 1,
    answer: cancelBatch,
  },
]
