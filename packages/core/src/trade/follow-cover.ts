import { leavesLots, type OrderRecord } from '../order/index.ts'
import { isHeld } from './plan-trade.ts'
import { openLots, type StopBasis, type TradeRecord } from './trade-record.ts'

/** The acknowledged stop that covers most; among equals the one at the wanted price. */
export const heldStopOf = (
  trade: Pick<TradeRecord, 'stopTicks'>,
  orders: readonly OrderRecord[],
): OrderRecord | null => {
  let best: OrderRecord | null = null
  for (const order of orders) {
    if (order.role !== 'STOP' || !isHeld(order)) continue
    const more = best === null ? 1 : leavesLots(order) - leavesLots(best)
    if (more > 0 || (more === 0 && order.stopTicks === trade.stopTicks)) best = order
  }
  return best
}

/**
 * Keeps account of what no acknowledged stop covers. Returns what is new about protection: it stands
 * for all that is open, or it moved; null when nothing is.
 */
export const followCover = (
  trade: TradeRecord,
  held: OrderRecord | null,
  basis: StopBasis,
  at: number,
): 'protected' | 'stop_moved' | null => {
  const open = openLots(trade)
  const lots = open === 0 || held === null ? 0 : leavesLots(held)
  const wasCovered = trade.covered
  trade.covered = open > 0 && lots >= (trade.protectLots ?? open)
  if (open === 0 || trade.exitReason !== null) {
    // On its way out: the stop that stands is not followed any more, but it still stands.
    trade.uncovered = []
    return null
  }
  trade.uncovered = trade.covered ? [] : trade.uncovered.filter((one) => one.lots > lots)
  if (!trade.covered && trade.uncovered.length === 0) trade.uncovered.push({ lots: open, at })
  trade.status = trade.covered ? 'PROTECTED' : 'OPEN'
  if (held === null || held.stopTicks === null) return null
  const before = trade.heldStop
  trade.heldStop = { ticks: held.stopTicks, lots, basis }
  if (before !== null && before.ticks !== held.stopTicks) return 'stop_moved'
  const isResized = trade.reducedLots !== undefined && before !== null && before.lots > lots
  if (isResized && lots === open) return 'protected'
  return trade.covered && !wasCovered ? 'protected' : null
}
