import {
  KLINE_INTERVALS,
  type AggregateTrade,
  type Exchange,
  type ExchangeInstrument,
  type PublicTrade,
} from '../../exchange/index.ts'
import { API_ERRORS } from '../api-error.ts'
import { instrumentOfPair } from '../instrument-of-pair.ts'
import type { Answer, Call, Route } from '../route.ts'
import { placesOf } from '../shapes/decimals.ts'
import { aggregateTradeJson, klineJson, tradeJson } from '../shapes/market-json.ts'
import { openWindowOf } from '../time-window.ts'
import { instrumentOf } from '../with-symbol.ts'

const HOUR = 3_600_000
/** Aggregate trades can be asked for this long (binance-ccxt-facts §2.1). */
const AGGREGATES_KEPT_MS = 48 * HOUR
/** Candles of one answer. */
export const KLINES_USUAL = 500
export const KLINES_MAX = 1500

/** Trades of the market alone: neither the insurance fund's nor deleveraging. */
const rowsOf = (instrument: ExchangeInstrument, all: readonly PublicTrade[]): readonly object[] => {
  const places = placesOf(instrument)
  return all.filter(({ excluded }) => !excluded).map((trade) => tradeJson(trade, places))
}

const trades = (call: Call): Answer => {
  const instrument = instrumentOf(call)
  const limit = call.parameters.limit(500, 1000)
  return rowsOf(instrument, call.exchange.trades(instrument.symbol, limit))
}

const historicalTrades = (call: Call): Answer => {
  const instrument = instrumentOf(call)
  const limit = call.parameters.limit(100, 500)
  const from = call.parameters.optionalInteger('fromId')
  return rowsOf(instrument, call.exchange.trades(instrument.symbol, limit, from))
}

/** Id of the first aggregate at or after `time`, by halving: ids rise with time. Null: there is none. */
const firstIdSince = (exchange: Exchange, symbol: string, time: number): number | null => {
  const first = exchange.aggregateTrades(symbol, 1, 0)[0]
  const last = exchange.aggregateTrades(symbol, 1).at(-1)
  if (first === undefined || last === undefined || last.time < time) return null
  let low = first.id
  let high = last.id
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const at = exchange.aggregateTrades(symbol, 1, middle)[0]
    if (at === undefined || at.time >= time) high = middle
    else low = middle + 1
  }
  return low
}

const aggregatesAsked = (call: Call, symbol: string): readonly AggregateTrade[] => {
  const { exchange, parameters } = call
  const limit = parameters.limit(500, 1000)
  const { start, end } = openWindowOf(call)
  const from = parameters.optionalInteger('fromId')
  if (from !== undefined) {
    if (start !== undefined || end !== undefined) throw API_ERRORS.badCombination()
    return exchange.aggregateTrades(symbol, limit, from)
  }
  if (start === undefined && end === undefined) return exchange.aggregateTrades(symbol, limit)
  if (start !== undefined && end !== undefined && end - start >= HOUR)
    throw API_ERRORS.badCombination()
  const since = firstIdSince(exchange, symbol, start ?? Math.max(0, end! - HOUR))
  if (since === null) return []
  return exchange
    .aggregateTrades(symbol, limit, since)
    .filter(({ time }) => time <= (end ?? Infinity))
}

const aggTrades = (call: Call): Answer => {
  const instrument = instrumentOf(call)
  const places = placesOf(instrument)
  return aggregatesAsked(call, instrument.symbol)
    .filter(({ time }) => time >= call.time - AGGREGATES_KEPT_MS)
    .map((trade) => aggregateTradeJson(trade, places))
}

const klines = (call: Call, instrument: ExchangeInstrument): Answer => {
  const interval = call.parameters.oneOf('interval', KLINE_INTERVALS, API_ERRORS.invalidInterval)
  const limit = call.parameters.limit(KLINES_USUAL, KLINES_MAX)
  const { start, end } = openWindowOf(call)
  const all = call.exchange.klines(instrument.symbol, interval, Number.MAX_SAFE_INTEGER, start, end)
  const some = start === undefined ? all.slice(-limit) : all.slice(0, limit)
  const places = placesOf(instrument)
  return some.map((kline) => klineJson(kline, places))
}

const continuousKlines = (call: Call): Answer => {
  call.parameters.require('pair')
  return klines(call, instrumentOfPair(call, call.parameters.text('contractType')))
}

/** By how many candles are asked for (binance-ccxt-facts §2.1). */
export const klinesWeight: Route['weight'] = (parameters) => {
  const limit = Number(parameters.peek('limit') ?? KLINES_USUAL)
  if (limit < 100) return 1
  if (limit < 500) return 2
  return limit <= 1000 ? 5 : 10
}

/** Prints, aggregates and candles. */
export const TRADE_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/fapi/v1/trades', access: 'anyone', weight: 5, answer: trades },
  {
    method: 'GET',
    path: '/fapi/v1/historicalTrades',
    access: 'key',
    weight: 200,
    answer: historicalTrades,
  },
  { method: 'GET', path: '/fapi/v1/aggTrades', access: 'anyone', weight: 20, answer: aggTrades },
  {
    method: 'GET',
    path: '/fapi/v1/klines',
    access: 'anyone',
    weight: klinesWeight,
    answer: (call) => klines(call, instrumentOf(call)),
  },
  {
    method: 'GET',
    path: '/fapi/v1/continuousKlines',
    access: 'anyone',
    weight: klinesWeight,
    answer: continuousKlines,
  },
]
