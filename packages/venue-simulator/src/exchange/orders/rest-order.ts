import type { ClientOrder } from './client-order.ts'

/** Changes what an order counts for among its holding's open buys or sells. */
const reserve = (order: ClientOrder, tickLots: number): void => {
  const change = tickLots - order.reserved
  order.reserved = tickLots
  if (order.side === 'BUY') order.holding.openBuys += change
  else order.holding.openSells += change
}

const reservedBy = ({ reduceOnly, leaves, ticket }: ClientOrder): number =>
  reduceOnly ? 0 : leaves * (ticket.priceTicks ?? 0)

/** Puts a limit into the book behind what is displayed at its price and behind all clients there. */
export const restOrder = (order: ClientOrder): void => {
  const { market, ticket } = order
  order.resting = true
  order.queueAhead = Math.max(0, market.liquidity.lotsLeft(ticket.side, ticket.priceTicks!))
  market.resting.add(order)
  reserve(order, reservedBy(order))
  market.published.touch(ticket.side, ticket.priceTicks!)
}

/** Takes an order out of the book; it keeps its leaves. */
export const unrestOrder = (order: ClientOrder): void => {
  if (!order.resting) return
  order.resting = false
  order.market.resting.remove(order)
  reserve(order, 0)
  order.market.published.touch(order.ticket.side, order.ticket.priceTicks!)
}

/** Lots of an order filled: what rests of it is less. */
export const fillLots = (order: ClientOrder, lots: number, ticks: number): void => {
  if (order.resting) {
    order.market.resting.shrink(order, lots)
    order.market.published.touch(order.ticket.side, order.ticket.priceTicks!)
  }
  order.leaves -= lots
  order.filledTickLots += lots * ticks
  if (order.resting) reserve(order, reservedBy(order))
  if (order.leaves === 0) unrestOrder(order)
}
