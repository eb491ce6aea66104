import type { ConditionalDesk } from './conditional/conditional-desk.ts'
import { endOrder } from './orders/end-order.ts'
import type { ExchangeState } from './exchange-state.ts'
import type { Holding } from './accounts/holding.ts'
import type { Liquidator } from './liquidation/liquidator.ts'
import { publishBook } from './publish.ts'

/** Reduce-only orders that others of the same side, better or older, leave nothing to reduce: `er` 4. */
const knockOut = (state: ExchangeState, holding: Holding): void => {
  const reducing = [...holding.stake.open].filter(
    (order) => order.reduceOnly && order.holding === holding && order.resting,
  )
  if (reducing.length === 0) return
  for (const side of ['BUY', 'SELL'] as const) {
    let free = holding.position.reducible(side)
    const queue = reducing
      .filter((order) => order.side === side)
      .toSorted((a, b) => {
        const better = (a.ticket.priceTicks ?? 0) - (b.ticket.priceTicks ?? 0)
        return (side === 'SELL' ? better : -better) || a.since - b.since || a.orderId - b.orderId
      })
    for (const order of queue) {
      if (free <= 0) endOrder(state, order, 'EXPIRED', 4)
      else free -= order.leaves
    }
  }
}

/** Orders that close a position are over with it. */
const expireClosing = (state: ExchangeState, desk: ConditionalDesk, holding: Holding): void => {
  for (const one of holding.stake.market.armed)
    if (one.holding === holding && one.closePosition && holding.position.reducible(one.side) === 0)
      desk.expire(one, 'The position is closed.')
  state.touched.add(holding.stake.market)
}

const followPositions = (state: ExchangeState, desk: ConditionalDesk): boolean => {
  if (state.changed.size === 0) return false
  const changed = [...state.changed]
  state.changed.clear()
  for (const holding of changed) {
    knockOut(state, holding)
    expireClosing(state, desk, holding)
  }
  return true
}

/**
 * What follows from what was done, until nothing more does: reduce-only orders without a position, prices
 * that trigger, margins that no longer hold, conditional orders whose order is over. Then the book is told.
 */
export const settleDown = (
  state: ExchangeState,
  conditionals: ConditionalDesk,
  liquidator: Liquidator,
): void => {
  for (let busy = true; busy;) {
    busy = followPositions(state, conditionals)
    for (const market of state.touched) if (conditionals.observe(market)) busy = true
    const doubtful = [...state.recheck]
    state.recheck.clear()
    for (const account of doubtful) if (liquidator.check(account)) busy = true
    if (conditionals.finish()) busy = true
  }
  for (const market of state.touched) publishBook(state, market)
  state.touched.clear()
}
