/**
 * Orders: the state machine, the record that is kept, and the ids that are never reused.
 *
 * Entry points: `ORDER_STATUS_TABLE` (which status may follow which), `transitionOrder` (the only way
 * a status changes), `clientOrderId`. Invariants: terminal statuses stay; the filled quantity never
 * exceeds the quantity; any pair outside the table is refused with a sentence, never applied.
 */
export { ORDER_STATUS_TABLE, isTerminal, mayFollow } from './status-table.ts'
export {
  averagePrice,
  createOrder,
  leavesLots,
  toOrder,
  type OrderDraft,
  type OrderRecord,
} from './order-record.ts'
export { transitionOrder, type OrderChange, type Transition } from './transition-order.ts'
export { clientOrderId, isOwnClientOrderId } from './client-order-id.ts'
export { gridOf, instrumentKey, type InstrumentGrid } from './instrument-grid.ts'
