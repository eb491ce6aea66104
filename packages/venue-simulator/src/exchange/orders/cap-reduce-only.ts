import type { ReadOrder } from './read-order.ts'

/**
 * A reduce-only order of one-way mode that is larger than the position is made as large as that when it
 * comes, and is told so (nautilus_trader issue 3983, seen on the venue). In hedge mode nothing is known of
 * that: there it fills what there is, and the rest expires.
 */
export const capReduceOnly = (order: ReadOrder): ReadOrder => {
  const { reduceOnly, positionSide, holding, side, lots } = order
  const most = holding.position.reducible(side)
  const isCapped = reduceOnly && positionSide === 'BOTH' && most > 0 && lots > most
  return isCapped ? { ...order, lots: most } : order
}
