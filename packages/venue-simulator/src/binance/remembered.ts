import type { ConditionalView, OrderView } from '../exchange/index.ts'

const DAY = 86_400_000
const UNFILLED_KEPT_MS = 3 * DAY
const KEPT_MS = 90 * DAY

const isOver = ({ status }: OrderView): boolean => status !== 'NEW' && status !== 'PARTIALLY_FILLED'

/** How long orders can be asked for: 90 days, and three when they ended without a fill (binance-ccxt-facts §3.4). */
export const isRemembered = (order: OrderView, time: number): boolean => {
  if (!isOver(order)) return true
  if (time - order.createdAt > KEPT_MS) return false
  return order.status === 'FILLED' || Number(order.executedQuantity) > 0
    ? true
    : time - order.createdAt <= UNFILLED_KEPT_MS
}

const ARMED: ReadonlySet<string> = new Set(['NEW', 'TRIGGERING', 'TRIGGERED'])

/** The same for conditional orders. */
export const isConditionalRemembered = (order: ConditionalView, time: number): boolean => {
  if (ARMED.has(order.status)) return true
  const keptMs = order.status === 'FINISHED' ? KEPT_MS : UNFILLED_KEPT_MS
  return time - order.createdAt <= keptMs
}
