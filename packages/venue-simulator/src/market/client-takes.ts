import { decimalToSteps, parseStep, type Step } from '@tapedeck/core'
import {
  isPrivate,
  type ExchangeEvent,
  type ExchangeInstrument,
  type UserTrade,
} from '../exchange/index.ts'
import type { ClientTake } from './market-source.ts'

type Grids = ReadonlyMap<string, { readonly tick: Step; readonly lot: Step }>

/** The grids of what is listed, for `clientTakes`. */
export const gridsOf = (instruments: readonly ExchangeInstrument[]): Grids =>
  new Map(
    instruments.map(({ symbol, tickSize, stepSize }) => [
      symbol,
      { tick: parseStep(tickSize), lot: parseStep(stepSize) },
    ]),
  )

/**
 * What clients took from the outside market, by the events of one call to the exchange: fills as a taker
 * whose maker is no client. One take an order, at its worst price.
 */
export const clientTakes = (
  events: readonly ExchangeEvent[],
  grids: Grids,
): readonly ClientTake[] => {
  const takers: UserTrade[] = []
  const made = new Set<string>()
  for (const event of events) {
    if (!isPrivate(event) || event.kind !== 'order' || event.fill === null) continue
    if (event.execution !== 'TRADE') continue
    if (event.fill.maker) made.add(`${event.fill.symbol}|${event.fill.id}`)
    else takers.push(event.fill)
  }
  const takes = new Map<string, ClientTake>()
  for (const { symbol, id, orderId, side, quantity, price } of takers) {
    const grid = grids.get(symbol)
    if (grid === undefined || made.has(`${symbol}|${id}`)) continue
    const lots = decimalToSteps(quantity, grid.lot) ?? 0
    const priceTicks = decimalToSteps(price, grid.tick) ?? 0
    const before = takes.get(`${symbol}|${orderId}`)
    takes.set(`${symbol}|${orderId}`, {
      symbol,
      side,
      lots: lots + (before?.lots ?? 0),
      priceTicks,
    })
  }
  return [...takes.values()]
}
