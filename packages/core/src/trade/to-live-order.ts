import type { Order } from '@tapedeck/contracts'
import { toOrder, type InstrumentGrid, type OrderRecord } from '../order/index.ts'

/** An order that is not over. One that is to be canceled says so, also when a fill has overtaken the cancel. */
export const toLiveOrder = (order: OrderRecord, grid: InstrumentGrid): Order => {
  const told = toOrder(order, grid)
  return order.cancelRequested ? { ...told, status: 'PENDING_CANCEL' } : told
}
