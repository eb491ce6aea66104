import type { ClientOrder } from './client-order.ts'
import { describeOrder } from './describe-order.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { ExecutionType } from '../exchange-event.ts'
import type { ExpiryReason } from './order-types.ts'
import { unrestOrder } from './rest-order.ts'

/** Tells an account about an order without a fill. */
export const tellOrder = (
  state: ExchangeState,
  order: ClientOrder,
  execution: ExecutionType,
): void => {
  state.log.tell(state.now, {
    kind: 'order',
    account: order.account.id,
    execution,
    order: describeOrder(order),
    fill: null,
  })
}

/** Ends an order that has not filled: out of the book, told. */
export const endOrder = (
  state: ExchangeState,
  order: ClientOrder,
  status: 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH',
  reason: ExpiryReason = 0,
): void => {
  unrestOrder(order)
  order.status = status
  order.expiryReason = reason
  order.updatedAt = state.now
  state.touched.add(order.market)
  tellOrder(state, order, status === 'CANCELED' ? 'CANCELED' : 'EXPIRED')
  state.ended(order)
}
