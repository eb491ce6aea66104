import { z } from 'zod'
import { decimalToSteps, parseStep, toNumber, dec, type Step } from '@tapedeck/core'
import type { ExchangeInstrument } from '../../exchange/index.ts'
import { Decimal, Milliseconds, readBody, SymbolName } from './control-body.ts'
import { malformed, notFound } from './control-error.ts'
import type { ControlCall, ControlRoute } from './control-route.ts'

const Print = z.strictObject({
  symbol: SymbolName,
  price: Decimal,
  quantity: Decimal,
  /** Whose order took. */
  taker: z.enum(['BUY', 'SELL']).default('BUY'),
})
const Levels = z.array(z.tuple([Decimal, Decimal])).max(5000)
const Book = z.strictObject({ symbol: SymbolName, bids: Levels, asks: Levels })
const Mark = z.strictObject({
  symbol: SymbolName,
  mark_price: Decimal,
  index_price: Decimal.optional(),
  funding_rate: z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,12})?$/, 'expected a decimal as text, e.g. "0.0001"')
    .optional(),
  next_funding_time: Milliseconds.optional(),
})

const listedAs = ({ venue }: ControlCall, symbol: string): ExchangeInstrument => {
  const instrument = venue.exchange.instrument(symbol)
  if (instrument === null)
    throw notFound(`symbol ${symbol}: is not listed; GET /sim/v1/state lists them`)
  return instrument
}

const onGrid = (text: string, step: Step, name: string): number => {
  const steps = decimalToSteps(text, step)
  if (steps === null || steps <= 0) throw malformed(`${name}: ${text} is not on the symbol's grid`)
  return steps
}

const print = (call: ControlCall): object => {
  const { symbol, price, quantity, taker } = readBody(call.request, Print)
  const { tickSize, stepSize } = listedAs(call, symbol)
  const { exchange } = call.venue
  call.venue.applyMarket([
    {
      kind: 'trade',
      symbol,
      id: (exchange.trades(symbol, 1).at(-1)?.id ?? 0) + 1,
      priceTicks: onGrid(price, parseStep(tickSize), 'price'),
      quantityLots: onGrid(quantity, parseStep(stepSize), 'quantity'),
      time: call.venue.time,
      maker: taker === 'BUY' ? 0 : 1,
      excluded: false,
    },
  ])
  return { symbol, time: call.venue.time }
}

const setBook = (call: ControlCall): object => {
  const { symbol, bids, asks } = readBody(call.request, Book)
  const { tickSize, stepSize } = listedAs(call, symbol)
  const tick = parseStep(tickSize)
  const lot = parseStep(stepSize)
  const ticks = (levels: typeof bids, name: string): number[] =>
    levels.map(([price], i) => onGrid(price, tick, `${name}.${i}.0`))
  const lots = (levels: typeof bids, name: string): number[] =>
    levels.map(([, quantity], i) => onGrid(quantity, lot, `${name}.${i}.1`))
  const last = call.venue.exchange.book(symbol, 5)?.lastUpdateId ?? 0
  const bidTicks = ticks(bids, 'bids')
  const askTicks = ticks(asks, 'asks')
  if (Math.max(...bidTicks, 0) >= Math.min(...askTicks, Infinity))
    throw malformed('bids: the highest is not below the lowest of asks')
  call.venue.applyMarket([
    {
      kind: 'depth',
      symbol,
      snapshot: true,
      firstId: last + 1,
      lastId: last + 1,
      previousId: last,
      time: call.venue.time,
      bidTicks,
      bidLots: lots(bids, 'bids'),
      askTicks,
      askLots: lots(asks, 'asks'),
    },
  ])
  return { symbol, bids: bids.length, asks: asks.length }
}

const setMark = (call: ControlCall): object => {
  const body = readBody(call.request, Mark)
  listedAs(call, body.symbol)
  const now = call.venue.exchange.premiumIndex(body.symbol)
  const markPrice = toNumber(dec(body.mark_price))
  call.venue.applyMarket([
    {
      kind: 'mark',
      symbol: body.symbol,
      time: call.venue.time,
      markPrice,
      indexPrice: body.index_price === undefined ? markPrice : toNumber(dec(body.index_price)),
      fundingRate: Number(body.funding_rate ?? now?.fundingRate ?? '0'),
      nextFundingTime: body.next_funding_time ?? now?.nextFundingTime ?? 0,
    },
  ])
  return { symbol: body.symbol, mark_price: body.mark_price }
}

/** Prices by hand. A source that runs goes on beside it. */
export const MARKET_CONTROL: readonly ControlRoute[] = [
  { method: 'POST', path: '/market/print', answer: print },
  { method: 'POST', path: '/market/book', answer: setBook },
  { method: 'POST', path: '/market/mark', answer: setMark },
]
