import { KLINE_INTERVALS, type ExchangeInstrument } from '../../exchange/index.ts'
import { API_ERRORS } from '../api-error.ts'
import { INTEREST_PERIODS, type PriceKind } from '../history/index.ts'
import { instrumentOfPair } from '../instrument-of-pair.ts'
import type { Answer, Call, Route } from '../route.ts'
import { interestJson, priceCandleJson } from '../shapes/market-json.ts'
import { openWindowOf } from '../time-window.ts'
import { instrumentOf } from '../with-symbol.ts'
import { klinesWeight, KLINES_MAX, KLINES_USUAL } from './trade-routes.ts'

const DAY = 86_400_000
/** Open interest can be asked for this long (Binance USD-M docs). */
const INTEREST_KEPT_MS = 30 * DAY

const candles = (call: Call, { symbol }: ExchangeInstrument, kind: PriceKind): Answer => {
  const interval = call.parameters.oneOf('interval', KLINE_INTERVALS, API_ERRORS.invalidInterval)
  const limit = call.parameters.limit(KLINES_USUAL, KLINES_MAX)
  const { start: from, end: to } = openWindowOf(call)
  return call.history
    .candles(symbol, kind, { interval, limit, from, to, now: call.now })
    .map(priceCandleJson)
}

const interest = (call: Call): Answer => {
  const { symbol } = instrumentOf(call)
  const period = call.parameters.oneOf('period', INTEREST_PERIODS, () =>
    API_ERRORS.invalid('period'),
  )
  const limit = call.parameters.limit(30, 500)
  const { start, end = Infinity } = openWindowOf(call)
  const since = Math.max(start ?? 0, call.now - INTEREST_KEPT_MS)
  const rows = call.history
    .interest(symbol, period)
    .filter(([time]) => time >= since && time <= end)
  const some = start === undefined ? rows.slice(-limit) : rows.slice(0, limit)
  return some.map((row) => interestJson(symbol, row))
}

/** Candles of mark and index, and open interest as it was (Binance USD-M docs, market data). */
export const PRICE_HISTORY_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/fapi/v1/markPriceKlines',
    access: 'anyone',
    weight: klinesWeight,
    answer: (call) => candles(call, instrumentOf(call), 'mark'),
  },
  {
    method: 'GET',
    path: '/fapi/v1/indexPriceKlines',
    access: 'anyone',
    weight: klinesWeight,
    answer: (call) => candles(call, instrumentOfPair(call), 'index'),
  },
  {
    method: 'GET',
    path: '/futures/data/openInterestHist',
    access: 'anyone',
    weight: 0,
    answer: interest,
  },
]
