/**
 * The order book: levels in whole ticks and lots, and the continuity of the updates that build it.
 *
 * Entry points: `OrderBook` (levels), `BookSync` (which updates may be applied). Invariant: a book is
 * only ever built from an unbroken chain of updates on a snapshot; after a break it is empty, not stale.
 */
export { OrderBook } from './order-book.ts'
export { BookSync, type DepthIds, type SyncPosition, type SyncResult } from './book-sync.ts'
