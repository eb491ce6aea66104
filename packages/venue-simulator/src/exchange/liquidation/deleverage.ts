import { adlQueue } from './adl-queue.ts'
import { isOpen, type ClientOrder } from '../orders/client-order.ts'
import type { ClosingOrders } from '../orders/closing-orders.ts'
import { endOrder } from '../orders/end-order.ts'
import type { ExchangeState } from '../exchange-state.ts'

/**
 * Closes what the insurance fund cannot take over against the positions of the other side, those with the
 * highest leveraged profit first, at the bankruptcy price; their open orders of the symbol are canceled. What
 * no account is left for, the outside market has to take.
 */
export const deleverageAgainst = (
  state: ExchangeState,
  closing: ClosingOrders,
  order: ClientOrder,
  ticks: number,
): void => {
  const { market, account } = order
  const others = adlQueue(market, order.side === 'SELL' ? -1 : 1)
  for (const one of others) {
    if (!isOpen(order)) return
    if (one.account === account) continue
    const { symbol } = market.rules
    for (const open of one.account.stakes.get(symbol)?.open ?? []) endOrder(state, open, 'CANCELED')
    const lots = Math.min(order.leaves, Math.abs(one.holding.lots))
    const other = closing.open(one.holding, one.account, { origin: 'DELEVERAGING', lots, ticks })
    closing.meet(order, other, lots, ticks)
  }
  closing.giveTo(order, market.outside, order.leaves, ticks)
}
