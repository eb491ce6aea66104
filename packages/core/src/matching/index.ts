/**
 * Matching: what a venue would have done with our orders, from public prints and books alone. Paper
 * trading and the backtester use `MatchingEngine` (one account, one instrument); the simulated exchange has
 * many accounts and fills them by the same parts.
 *
 * Entry points: `MatchingEngine`, `fillModelFrom` (configuration); of its parts `OrderFiller` (what fills an
 * order, whoever books it), `DisplayedLiquidity`, `OpenPosition`, `keepPlace` (queues). Invariants: whole
 * ticks and lots inside; no two fills from the same printed volume; no fill on a print that was there
 * before the order; nothing is filled better than the print, the book or the trigger allows.
 */
export { MatchingEngine } from './matching-engine.ts'
export { feeAt, feeOf, fillModelFrom, shareOf, slip, type FillModel } from './fill-model.ts'
export type { OrderTicket, RejectReason, VenueEvent } from './venue-event.ts'
export {
  DisplayedLiquidity,
  toDepthChange,
  type DepthChange,
  type ShownLevel,
} from './displayed-liquidity.ts'
export { OrderFiller, type FillableOrder, type Opposite, type Settlement } from './order-filler.ts'
export { goesThrough, keepPlace, type Print, type QueuedLimit } from './queue-place.ts'
export { OpenPosition, type PositionTotals } from './open-position.ts'
