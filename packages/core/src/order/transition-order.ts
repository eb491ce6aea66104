import type { OrderStatus } from '@tapedeck/contracts'
import { leavesLots, type OrderRecord } from './order-record.ts'
import { isTerminal, mayFollow } from './status-table.ts'

/** What is told about an order. A fill names what was filled last; the status follows from it. */
export type OrderChange =
  | {
      readonly kind: 'status'
      readonly to: Exclude<OrderStatus, 'INITIALIZED' | 'PARTIALLY_FILLED' | 'FILLED'>
      readonly at: number
      readonly venueOrderId?: string
      readonly reason?: string
      /** The venue did not cancel it: it may be asked for again. */
      readonly cancelRefused?: true
    }
  | {
      readonly kind: 'fill'
      readonly lots: number
      readonly priceTicks: number
      readonly at: number
      readonly venueOrderId?: string
    }

export type Transition =
  | { readonly ok: true; readonly order: OrderRecord }
  | { readonly ok: false; readonly refusal: string }

const refuse = (order: OrderRecord, why: string): Transition => ({
  ok: false,
  refusal: `order ${order.clientOrderId} in ${order.status}: ${why}`,
})

const fill = (order: OrderRecord, change: Extract<OrderChange, { kind: 'fill' }>): Transition => {
  const leaves = leavesLots(order)
  if (!Number.isSafeInteger(change.lots) || change.lots <= 0)
    return refuse(order, `a fill of ${change.lots} lots, expected a positive integer`)
  if (change.lots > leaves)
    return refuse(order, `a fill of ${change.lots} lots exceeds the ${leaves} that are left`)
  const to: OrderStatus = change.lots === leaves ? 'FILLED' : 'PARTIALLY_FILLED'
  if (!mayFollow(order.status, to)) return refuse(order, `${to} may not follow`)
  return {
    ok: true,
    order: {
      ...order,
      status: to,
      venueOrderId: change.venueOrderId ?? order.venueOrderId,
      filledLots: order.filledLots + change.lots,
      filledTickLots: order.filledTickLots + change.lots * change.priceTicks,
      updatedAt: change.at,
    },
  }
}

/**
 * The order after a change, or why the change is refused. The only place where a status changes.
 * A pair that is not in `ORDER_STATUS_TABLE`, or a fill beyond the quantity, leaves the order as it was.
 */
export const transitionOrder = (order: OrderRecord, change: OrderChange): Transition => {
  if (isTerminal(order.status)) return refuse(order, 'the order is over')
  if (change.kind === 'fill') return fill(order, change)
  if (!mayFollow(order.status, change.to)) return refuse(order, `${change.to} may not follow`)
  return {
    ok: true,
    order: {
      ...order,
      status: change.to,
      venueOrderId: change.venueOrderId ?? order.venueOrderId,
      cancelRequested:
        change.cancelRefused !== true && (order.cancelRequested || change.to === 'PENDING_CANCEL'),
      updatedAt: change.at,
      reason: change.reason ?? order.reason,
    },
  }
}
