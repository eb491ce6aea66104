import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import {
  decimalToSteps,
  parseStep,
  type DepthEvent,
  type MarkEvent,
  type MarketEvent,
  type QuoteEvent,
  type Step,
  type TradeEvent,
} from '@tapedeck/core'

/** An instrument as the parser needs it: its symbol and its grid. */
export type InstrumentGrid = { readonly symbol: string; readonly tick: Step; readonly lot: Step }

export const gridOf = (instrument: Instrument): InstrumentGrid => ({
  symbol: instrument.symbol,
  tick: parseStep(instrument.tick_size),
  lot: parseStep(instrument.lot_size),
})

type Fields = Record<string, unknown>

/** A field that is not what Binance sends. Callers add where it was found. */
export const fieldInvalid = (field: string, value: unknown, expected: string): TapedeckError => {
  const shown = (JSON.stringify(value) ?? 'nothing').slice(0, 80)
  return new TapedeckError('RECORDING_INVALID', `${field} is ${shown}, expected ${expected}`, {
    details: { field, value: shown, expected },
  })
}

/** Venue times are ms; spot archives and streams may be in µs since 2025. Told apart by magnitude. */
export const toMillis = (field: string, value: unknown): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw fieldInvalid(field, value, 'a time in ms or µs')
  return value >= 100_000_000_000_000 ? Math.floor(value / 1000) : value
}

const idOf = (message: Fields, field: string): number => {
  const value = message[field]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw fieldInvalid(field, value, 'an id: a whole number, 0 or more')
  return value
}

/** A decimal string on the grid, 0 or more. */
export const stepsOf = (field: string, value: unknown, step: Step, unit: string): number => {
  const steps = typeof value === 'string' ? decimalToSteps(value, step) : null
  if (steps === null || steps < 0)
    throw fieldInvalid(
      field,
      value,
      `a decimal, 0 or more, on the ${unit} of ${step.mantissa / step.pow}`,
    )
  return steps
}

const realOf = (field: string, value: unknown): number => {
  const real = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
  if (!Number.isFinite(real)) throw fieldInvalid(field, value, 'a decimal')
  return real
}

const flagOf = (message: Fields, field: string): boolean => {
  const value = message[field]
  if (typeof value !== 'boolean') throw fieldInvalid(field, value, 'true or false')
  return value
}

/**
 * `trade` and `aggTrade`. Prints outside the market (`X` other than MARKET: insurance fund, ADL) are
 * excluded; where their price is not on the grid they come with price 0, which continuity refuses.
 */
const tradeEvent = (message: Fields, grid: InstrumentGrid, idField: 't' | 'a'): TradeEvent => {
  const kind = message['X']
  const excluded = kind !== undefined && kind !== 'MARKET'
  const price = message['p']
  const priceTicks =
    excluded && typeof price === 'string'
      ? (decimalToSteps(price, grid.tick) ?? 0)
      : stepsOf('p', price, grid.tick, 'tick')
  return {
    kind: 'trade',
    symbol: grid.symbol,
    id: idOf(message, idField),
    priceTicks,
    quantityLots: stepsOf('q', message['q'], grid.lot, 'lot'),
    time: toMillis('T', message['T']),
    maker: flagOf(message, 'm') ? 1 : 0,
    excluded,
  }
}

/**
 * A resting quantity. Spot books hold remainders finer than a lot (orders older than the filter): they
 * are rounded to the nearest lot, but what rests never becomes nothing.
 */
const restingOf = (field: string, value: unknown, lot: Step): number => {
  const exact = typeof value === 'string' ? decimalToSteps(value, lot) : null
  if (exact !== null && exact >= 0) return exact
  const amount =
    typeof value === 'string' && /^\d{1,15}\.\d{1,18}$/.test(value) ? Number(value) : -1
  const lots = Math.round((amount * lot.pow) / lot.mantissa)
  if (amount < 0 || !Number.isSafeInteger(lots))
    throw fieldInvalid(field, value, 'a decimal, 0 or more')
  return Math.max(1, lots)
}

type Levels = { ticks: number[]; lots: number[] }

const levelsOf = (field: string, value: unknown, grid: InstrumentGrid): Levels => {
  if (!Array.isArray(value)) throw fieldInvalid(field, value, 'a list of [price, quantity]')
  const ticks: number[] = []
  const lots: number[] = []
  for (let i = 0; i < value.length; i++) {
    const level: unknown = value[i]
    if (!Array.isArray(level) || level.length < 2)
      throw fieldInvalid(`${field}[${i}]`, level, '[price, quantity]')
    ticks.push(stepsOf(`${field}[${i}][0]`, level[0], grid.tick, 'tick'))
    lots.push(restingOf(`${field}[${i}][1]`, level[1], grid.lot))
  }
  return { ticks, lots }
}

const deltaEvent = (message: Fields, grid: InstrumentGrid): DepthEvent => {
  const bids = levelsOf('b', message['b'], grid)
  const asks = levelsOf('a', message['a'], grid)
  const firstId = idOf(message, 'U')
  const lastId = idOf(message, 'u')
  if (lastId < firstId) throw fieldInvalid('u', lastId, `at least U (${firstId})`)
  return {
    kind: 'depth',
    symbol: grid.symbol,
    snapshot: false,
    firstId,
    lastId,
    previousId: message['pu'] === undefined ? null : idOf(message, 'pu'),
    time: message['T'] === undefined ? toMillis('E', message['E']) : toMillis('T', message['T']),
    bidTicks: bids.ticks,
    bidLots: bids.lots,
    askTicks: asks.ticks,
    askLots: asks.lots,
  }
}

/** `GET /depth`: the whole book. Spot does not say when. */
export const snapshotEvent = (message: Fields, grid: InstrumentGrid): DepthEvent => {
  const bids = levelsOf('bids', message['bids'], grid)
  const asks = levelsOf('asks', message['asks'], grid)
  const lastId = idOf(message, 'lastUpdateId')
  const bid = bids.ticks.length === 0 ? -Infinity : Math.max(...bids.ticks)
  const ask = asks.ticks.length === 0 ? Infinity : Math.min(...asks.ticks)
  if (bid >= ask)
    throw fieldInvalid('bids[0][0]', bid, `below the best ask (${ask} ticks): crossed`)
  return {
    kind: 'depth',
    symbol: grid.symbol,
    snapshot: true,
    firstId: lastId,
    lastId,
    previousId: null,
    time: message['T'] === undefined ? null : toMillis('T', message['T']),
    bidTicks: bids.ticks,
    bidLots: bids.lots,
    askTicks: asks.ticks,
    askLots: asks.lots,
  }
}

const quoteEvent = (message: Fields, grid: InstrumentGrid): QuoteEvent => ({
  kind: 'quote',
  symbol: grid.symbol,
  updateId: idOf(message, 'u'),
  bidTicks: stepsOf('b', message['b'], grid.tick, 'tick'),
  bidLots: restingOf('B', message['B'], grid.lot),
  askTicks: stepsOf('a', message['a'], grid.tick, 'tick'),
  askLots: restingOf('A', message['A'], grid.lot),
})

const markEvent = (message: Fields, grid: InstrumentGrid): MarkEvent => ({
  kind: 'mark',
  symbol: grid.symbol,
  time: toMillis('E', message['E']),
  markPrice: realOf('p', message['p']),
  indexPrice: message['i'] === undefined ? null : realOf('i', message['i']),
  fundingRate: message['r'] === '' ? 0 : realOf('r', message['r']),
  nextFundingTime: toMillis('T', message['T']),
})

export type MarketMessageKind =
  | 'trade'
  | 'aggTrade'
  | 'depthUpdate'
  | 'snapshot'
  | 'bookTicker'
  | 'markPriceUpdate'

/** A message by its kind and symbol, before its numbers are read. Null symbol: a bare REST snapshot. */
export type Sighted = {
  readonly kind: MarketMessageKind
  readonly symbol: string | null
  readonly data: Fields
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const kindOf = (data: Fields, stream: string | null): MarketMessageKind | null => {
  if (data['lastUpdateId'] !== undefined)
    // Partial depth on spot has the shape of a snapshot; it replaces the top only and is not used.
    return stream !== null && /@depth\d/.test(stream) ? null : 'snapshot'
  const type = data['e']
  if (type === 'depthUpdate') return stream !== null && /@depth\d+(@|$)/.test(stream) ? null : type
  if (
    type === 'trade' ||
    type === 'aggTrade' ||
    type === 'bookTicker' ||
    type === 'markPriceUpdate'
  )
    return type
  const isQuote = type === undefined && data['u'] !== undefined && data['B'] !== undefined
  return isQuote ? 'bookTicker' : null
}

/**
 * Says what a parsed JSON message is: the payload of a raw stream, a combined-stream envelope or a
 * REST snapshot. Null for what this product does not read (klines, partial depth, acknowledgements).
 * Partial depth has the same `e` as the diff, so the stream's name decides.
 */
export const sight = (message: unknown): Sighted | null => {
  if (!isFields(message)) throw fieldInvalid('message', message, 'a JSON object')
  const stream = typeof message['stream'] === 'string' ? message['stream'] : null
  const data = stream === null ? message : message['data']
  if (!isFields(data)) throw fieldInvalid('data', data, 'a JSON object')
  const kind = kindOf(data, stream)
  if (kind === null) return null
  const named = data['s']
  if (typeof named === 'string') return { kind, symbol: named, data }
  const streamSymbol = stream === null ? null : stream.split('@', 1)[0]!.toUpperCase()
  if (streamSymbol === null && kind !== 'snapshot') throw fieldInvalid('s', named, 'a symbol')
  return { kind, symbol: streamSymbol, data }
}

const READERS: Readonly<
  Record<MarketMessageKind, (data: Fields, grid: InstrumentGrid) => MarketEvent>
> = {
  trade: (data, grid) => tradeEvent(data, grid, 't'),
  aggTrade: (data, grid) => tradeEvent(data, grid, 'a'),
  depthUpdate: deltaEvent,
  snapshot: snapshotEvent,
  bookTicker: quoteEvent,
  markPriceUpdate: markEvent,
}

/** Reads the numbers of a sighted message on the grid of its instrument. */
export const readSighted = ({ kind, data }: Sighted, grid: InstrumentGrid): MarketEvent =>
  READERS[kind](data, grid)
