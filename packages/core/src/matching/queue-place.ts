import type { Side } from '@tapedeck/contracts'

/** A public print as orders meet it. */
export type Print = {
  readonly ticks: number
  readonly lots: number
  readonly time: number
  /** 1: the buyer was the maker, so the aggressor sold. */
  readonly maker: 0 | 1
}

/** A limit with its place in the queue at its price. Null: no book told it where it stands. */
export type QueuedLimit = {
  readonly ticket: { readonly side: Side; readonly priceTicks: number | null }
  queueAhead: number | null
}

/** True when a print at `ticks` went through a limit, not only to it. */
export const goesThrough = ({ side, priceTicks }: QueuedLimit['ticket'], ticks: number): boolean =>
  priceTicks !== null && (side === 'BUY' ? ticks < priceTicks : ticks > priceTicks)

/**
 * Lots of a print that get as far as a limit: all that is left of one that went through it, and of one at
 * its price by the other side what is left once those who stand before it are served. Moves the limit up by
 * what they got. `before`: lots of the print that orders with priority over this one have taken.
 */
export const lotsReaching = (order: QueuedLimit, print: Print, before: number): number => {
  const { ticket, queueAhead: ahead } = order
  const left = print.lots - before
  if (goesThrough(ticket, print.ticks)) {
    if (ahead !== null) order.queueAhead = 0
    return left
  }
  const aggressor: Side = print.maker === 1 ? 'SELL' : 'BUY'
  if (ahead === null || print.ticks !== ticket.priceTicks || aggressor === ticket.side) return 0
  order.queueAhead = Math.max(0, ahead - left)
  return left - ahead
}

/**
 * A book change: where the whole level is smaller than what stood before a limit, the limit moves up.
 * Cancels elsewhere in the level never help it.
 */
export const keepPlace = (order: QueuedLimit, lotsResting: number): void => {
  if (order.queueAhead !== null) order.queueAhead = Math.min(order.queueAhead, lotsResting)
}
