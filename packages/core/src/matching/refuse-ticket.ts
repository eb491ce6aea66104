import type { InstrumentGrid } from '../order/index.ts'
import type { VenueBooks } from './venue-books.ts'
import type { OrderTicket, RejectReason } from './venue-event.ts'
import { isWellFormed, triggers } from './working-order.ts'

/**
 * Why the venue would refuse an order on arrival, or null. Minimums do not hold for reduce-only
 * orders: a small rest must be closable. `last` is the price of the last print.
 */
export const refuseTicket = (
  ticket: OrderTicket,
  grid: InstrumentGrid,
  books: VenueBooks,
  last: number | null,
): RejectReason | null => {
  if (!isWellFormed(ticket)) return 'ORDER_INVALID'
  if (ticket.reduceOnly) {
    if (books.reducible(ticket.side) === 0) return 'REDUCE_ONLY_WITHOUT_POSITION'
  } else {
    if (ticket.lots < grid.minLots) return 'QUANTITY_BELOW_MINIMUM'
    const price = ticket.priceTicks ?? ticket.stopTicks ?? last
    if (price !== null && grid.tickLot.times(price).times(ticket.lots).lt(grid.minNotional))
      return 'NOTIONAL_BELOW_MINIMUM'
  }
  return last !== null && triggers(ticket, last) ? 'WOULD_TRIGGER_IMMEDIATELY' : null
}
