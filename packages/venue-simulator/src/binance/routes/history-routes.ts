import type { UserTrade } from '../../exchange/index.ts'
import { API_ERRORS } from '../api-error.ts'
import { placesIn } from '../places-in.ts'
import { isRemembered } from '../remembered.ts'
import type { Answer, Call, Route } from '../route.ts'
import { money, placesOf } from '../shapes/decimals.ts'
import { listedOrderJson, userTradeJson } from '../shapes/order-json.ts'
import { timeWindowOf, type TimeWindow } from '../time-window.ts'
import { instrumentOf, optionalInstrumentOf } from '../with-symbol.ts'

const DAYS_MAX = 7
const DAY = 86_400_000
/** Trades and income can be asked for this long (binance-ccxt-facts §3.4). */
const HISTORY_MS = 90 * DAY

const isIn = (time: number, { start, end }: TimeWindow): boolean => time >= start && time <= end

/** The first ones of a window that begins where it was asked to, else the latest. */
const page = <T>({ parameters }: Call, rows: readonly T[], limit: number): readonly T[] =>
  parameters.has('startTime') ? rows.slice(0, limit) : rows.slice(-limit)

const allOrders = (call: Call): Answer => {
  const symbol = optionalInstrumentOf(call)?.symbol
  const limit = call.parameters.limit(500, 1000)
  const from = call.parameters.optionalInteger('orderId')
  const window = timeWindowOf(call, DAYS_MAX)
  const orders = call.exchange
    .ordersOf(call.account, symbol)
    .filter((order) => isRemembered(order, call.time))
  const asked =
    from === undefined
      ? page(
          call,
          orders.filter(({ createdAt }) => isIn(createdAt, window)),
          limit,
        )
      : orders.filter(({ orderId }) => orderId >= from).slice(0, limit)
  const places = placesIn(call)
  return asked.map((order) => listedOrderJson(order, places(order.symbol)))
}

const tradesAsked = (call: Call, trades: readonly UserTrade[]): readonly UserTrade[] => {
  const { parameters } = call
  const limit = parameters.limit(500, 1000)
  const fromId = parameters.optionalInteger('fromId')
  const orderId = parameters.optionalInteger('orderId')
  const window = timeWindowOf(call, DAYS_MAX)
  const timed = parameters.has('startTime') || parameters.has('endTime')
  if (fromId !== undefined && timed) throw API_ERRORS.badCombination()
  const ofOrder = trades.filter((trade) => orderId === undefined || trade.orderId === orderId)
  if (fromId !== undefined) return ofOrder.filter(({ id }) => id >= fromId).slice(0, limit)
  if (orderId !== undefined && !timed) return ofOrder.slice(0, limit)
  return page(
    call,
    ofOrder.filter(({ time }) => isIn(time, window)),
    limit,
  )
}

const userTrades = (call: Call): Answer => {
  const instrument = instrumentOf(call)
  const { symbol } = instrument
  const trades = call.exchange
    .tradesOf(call.account, symbol)
    .filter(({ time }) => time >= call.time - HISTORY_MS)
  return tradesAsked(call, trades).map((trade) => userTradeJson(trade, placesOf(instrument)))
}

const income = (call: Call): Answer => {
  const { parameters } = call
  const symbol = optionalInstrumentOf(call)?.symbol
  const type = parameters.optionalText('incomeType')
  const limit = parameters.limit(100, 1000)
  const pageNumber = parameters.optionalInteger('page', { min: 1 }) ?? 1
  const window = timeWindowOf(
    call,
    parameters.has('startTime') && parameters.has('endTime') ? 90 : DAYS_MAX,
  )
  const rows = call.exchange
    .income(call.account)
    .filter((row) => symbol === undefined || row.symbol === symbol)
    .filter((row) => type === undefined || row.type === type)
    .filter(({ time }) => isIn(time, window) && time >= call.time - HISTORY_MS)
  const first = (pageNumber - 1) * limit
  const some = parameters.has('page') ? rows.slice(first, first + limit) : page(call, rows, limit)
  return some.map((row) => ({
    symbol: row.symbol,
    incomeType: row.type,
    income: money(row.amount),
    asset: row.asset,
    info: row.info,
    time: row.time,
    tranId: row.id,
    tradeId: row.tradeId === null ? '' : String(row.tradeId),
  }))
}

/** What was: orders, trades, money (binance-ccxt-facts §3.4). */
export const HISTORY_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/fapi/v1/allOrders', access: 'read', weight: 5, answer: allOrders },
  { method: 'GET', path: '/fapi/v1/userTrades', access: 'read', weight: 5, answer: userTrades },
  { method: 'GET', path: '/fapi/v1/income', access: 'read', weight: 30, answer: income },
]
