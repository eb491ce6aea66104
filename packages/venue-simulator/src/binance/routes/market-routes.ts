import type { Exchange, ExchangeInstrument } from '../../exchange/index.ts'
import { API_ERRORS } from '../api-error.ts'
import type { Answer, Call, Route } from '../route.ts'
import { padded, placesOf } from '../shapes/decimals.ts'
import {
  bookTickerJson,
  dayTickerJson,
  depthJson,
  fundingRateJson,
  premiumIndexJson,
} from '../shapes/market-json.ts'
import { openWindowOf } from '../time-window.ts'
import { instrumentOf, known, optionalInstrumentOf } from '../with-symbol.ts'

const DEPTH_LIMITS: ReadonlyMap<number, number> = new Map([
  [5, 2],
  [10, 2],
  [20, 2],
  [50, 2],
  [100, 5],
  [500, 10],
  [1000, 20],
])
const DEPTH_USUAL = 500
/** Levels of `rpiDepth`: all or nothing. */
const RPI_DEPTH = 1000

/** `limit` as a weight needs it, before anybody has checked it. */
const askedLimit = (text: string | undefined, usual: number): number => {
  const limit = Number(text ?? usual)
  return Number.isFinite(limit) ? limit : usual
}

const bookAnswer = (call: Call, instrument: ExchangeInstrument, limit: number): Answer =>
  depthJson(known(call.exchange.book(instrument.symbol, limit)), call.time, placesOf(instrument))

const depth = (call: Call): Answer => {
  const instrument = instrumentOf(call)
  const limit = call.parameters.optionalInteger('limit', { min: 1, max: 1000 }) ?? DEPTH_USUAL
  if (!DEPTH_LIMITS.has(limit)) throw API_ERRORS.invalidDepthLimit(limit)
  return bookAnswer(call, instrument, limit)
}

/** The book with the orders at retail price improvement, of which there are none: the book. */
const rpiDepth = (call: Call): Answer => {
  const instrument = instrumentOf(call)
  const limit = call.parameters.optionalInteger('limit', { min: 1, max: 1000 }) ?? RPI_DEPTH
  if (limit !== RPI_DEPTH) throw API_ERRORS.invalidDepthLimit(limit)
  return bookAnswer(call, instrument, limit)
}

/** One symbol's answer, or those of all that have one. */
const oneOrAll = (
  call: Call,
  of: (exchange: Exchange, instrument: ExchangeInstrument) => object | null,
): Answer => {
  const instrument = optionalInstrumentOf(call)
  if (instrument !== null) return known(of(call.exchange, instrument))
  return call.exchange
    .instruments()
    .map((one) => of(call.exchange, one))
    .filter((answer) => answer !== null)
}

const premiumOf = (exchange: Exchange, { symbol }: ExchangeInstrument): object | null => {
  const premium = exchange.premiumIndex(symbol)
  return premium === null ? null : premiumIndexJson(premium)
}

const bookTickerOf = (exchange: Exchange, instrument: ExchangeInstrument): object | null => {
  const ticker = exchange.bookTicker(instrument.symbol)
  return ticker === null ? null : bookTickerJson(ticker, placesOf(instrument))
}

const dayTickerOf = (exchange: Exchange, instrument: ExchangeInstrument): object | null => {
  const ticker = exchange.dayTicker(instrument.symbol)
  return ticker === null ? null : dayTickerJson(ticker, placesOf(instrument))
}

const priceOf = (exchange: Exchange, instrument: ExchangeInstrument): object | null => {
  const { symbol } = instrument
  const trade = exchange.trades(symbol, 1).at(-1)
  if (trade === undefined) return null
  return { symbol, price: padded(trade.price, placesOf(instrument).price), time: trade.time }
}

const fundingRates = (call: Call): Answer => {
  const instrument = optionalInstrumentOf(call)
  const { start = 0, end = Infinity } = openWindowOf(call)
  const limit = call.parameters.limit(100, 1000)
  const symbols = instrument === null ? call.exchange.instruments() : [instrument]
  const rows = symbols
    .flatMap(({ symbol }) => call.exchange.fundingRates(symbol))
    .filter(({ fundingTime }) => fundingTime >= start && fundingTime <= end)
    .toSorted((a, b) => a.fundingTime - b.fundingTime)
  const some = call.parameters.has('startTime') ? rows.slice(0, limit) : rows.slice(-limit)
  return some.map(fundingRateJson)
}

const fundingInfo = ({ exchange }: Call): Answer =>
  exchange.instruments().map(({ symbol, fundingIntervalHours }) => ({
    symbol,
    adjustedFundingRateCap: '0.02000000',
    adjustedFundingRateFloor: '-0.02000000',
    fundingIntervalHours,
    disclaimer: false,
  }))

const openInterest = (call: Call): Answer => {
  const instrument = instrumentOf(call)
  const { symbol } = instrument
  return {
    openInterest: padded(known(call.exchange.openInterest(symbol)), placesOf(instrument).quantity),
    symbol,
    time: call.time,
  }
}

const bySymbol =
  (one: number, all: number): Route['weight'] =>
  (parameters) =>
    parameters.has('symbol') ? one : all

const market = (path: string, weight: Route['weight'], answer: (call: Call) => Answer): Route => ({
  method: 'GET',
  path,
  access: 'anyone',
  weight,
  answer,
})

/** Books, prices and funding (binance-ccxt-facts §2.1, §2.2). Candles and prints: `trade-routes.ts`. */
export const MARKET_ROUTES: readonly Route[] = [
  market(
    '/fapi/v1/depth',
    (parameters) => DEPTH_LIMITS.get(askedLimit(parameters.peek('limit'), DEPTH_USUAL)) ?? 2,
    depth,
  ),
  market('/fapi/v1/rpiDepth', 20, rpiDepth),
  market('/fapi/v1/premiumIndex', bySymbol(1, 10), (call) => oneOrAll(call, premiumOf)),
  { ...market('/fapi/v1/fundingRate', 0, fundingRates), isFunding: true },
  { ...market('/fapi/v1/fundingInfo', 0, fundingInfo), isFunding: true },
  market('/fapi/v1/openInterest', 1, openInterest),
  market('/fapi/v1/ticker/bookTicker', bySymbol(2, 5), (call) => oneOrAll(call, bookTickerOf)),
  market('/fapi/v1/ticker/24hr', bySymbol(1, 40), (call) => oneOrAll(call, dayTickerOf)),
  market('/fapi/v1/ticker/price', bySymbol(1, 2), (call) => oneOrAll(call, priceOf)),
  market('/fapi/v2/ticker/price', bySymbol(1, 2), (call) => oneOrAll(call, priceOf)),
]
