/**
 * What is done on the account: orders, cancels, questions, settings.
 *
 * Entry points: one function for each method of `VenuePort`. Invariants: outcomes are known or unknown; words
 * of the venue that these tables do not know are not guessed.
 */
export { cancelAllOrders, cancelOrder } from './cancel-order.ts'
export { findOrder } from './find-order.ts'
export { listFills } from './list-fills.ts'
export { listFunding } from './list-funding.ts'
export { listBalances, listPositions } from './list-holdings.ts'
export { listOpenOrders } from './list-orders.ts'
export { createListenKeys } from './listen-keys.ts'
export { OrderIds } from './order-ids.ts'
export { prepareAccount, readLeverageMax, readSetting } from './prepare-account.ts'
export { submitOrder } from './submit-order.ts'
export type { VenueDesk } from './venue-desk.ts'
