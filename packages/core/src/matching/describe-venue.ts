import { dec, toDecimalString } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import type { VenueOrder, VenuePosition } from '../reconciliation/venue-snapshot.ts'
import type { VenueBooks } from './venue-books.ts'
import { isConditional, type WorkingOrder } from './working-order.ts'

/** An open order as a venue lists it. */
export const describeOrder = (
  { ticket, venueOrderId, leaves }: WorkingOrder,
  { venue, symbol, tick, lot }: InstrumentGrid,
): VenueOrder => ({
  venue,
  symbol,
  clientOrderId: ticket.clientOrderId,
  venueOrderId,
  side: ticket.side,
  type: ticket.type,
  conditional: isConditional(ticket),
  quantity: stepsToDecimal(ticket.lots, lot),
  filledQuantity: stepsToDecimal(ticket.lots - leaves, lot),
  price: ticket.priceTicks === null ? null : stepsToDecimal(ticket.priceTicks, tick),
  stopPrice: ticket.stopTicks === null ? null : stepsToDecimal(ticket.stopTicks, tick),
  reduceOnly: ticket.reduceOnly,
})

/** The position as a venue states it; FLAT with a quantity of 0 when there is none. */
export const describePosition = (
  books: VenueBooks,
  { venue, symbol, tickSize, lot }: InstrumentGrid,
): VenuePosition => {
  const average = books.averageTicks()
  return {
    venue,
    symbol,
    side: books.side(),
    quantity: stepsToDecimal(Math.abs(books.lots), lot),
    averagePrice: average === null ? null : toDecimalString(average.times(dec(tickSize))),
  }
}
