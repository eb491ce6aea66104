import type { OrderTicket } from './venue-event.ts'

/** An order that is open at the venue. Mutable: it belongs to one engine. JSON-safe. */
export type WorkingOrder = {
  readonly ticket: OrderTicket
  readonly venueOrderId: string
  /** When it came to the venue, or when it was triggered: prints from before do nothing to it. */
  since: number
  leaves: number
  fills: number
  /** Takes whatever price comes: a market order, or a conditional order that has triggered. */
  atMarket: boolean
  /** A limit that was already through the market when it came pays the taker's fee. */
  taker: boolean
  /**
   * Lots that stand before a resting limit at its price. Null when no book told: then only a print
   * through the price fills it.
   */
  queueAhead: number | null
}

export const isConditional = (ticket: OrderTicket): boolean =>
  ticket.type === 'STOP_MARKET' || ticket.type === 'TAKE_PROFIT_MARKET'

/**
 * True when a print at `ticks` sets off a conditional order (binance-ccxt-facts §3.2: a buy stop at or
 * above its price, a sell stop at or below; take-profits the other way).
 */
export const triggers = (ticket: OrderTicket, ticks: number): boolean => {
  if (ticket.stopTicks === null) return false
  const rising = (ticket.type === 'STOP_MARKET') === (ticket.side === 'BUY')
  return rising ? ticks >= ticket.stopTicks : ticks <= ticket.stopTicks
}

const positive = (steps: number | null): boolean =>
  steps !== null && Number.isSafeInteger(steps) && steps > 0

/** False for a ticket whose prices do not fit its type, or whose quantity is not whole. */
export const isWellFormed = (ticket: OrderTicket): boolean => {
  if (!positive(ticket.lots)) return false
  if (positive(ticket.priceTicks) !== (ticket.type === 'LIMIT')) return false
  return positive(ticket.stopTicks) === isConditional(ticket)
}
