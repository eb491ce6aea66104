/**
 * Matching: what a venue would have done with our orders, from public prints and books alone. Paper
 * trading, the backtester and the simulated venue share it.
 *
 * Entry points: `MatchingEngine` (one instrument), `fillModelFrom` (configuration). Invariants: whole
 * ticks and lots inside; no two fills from the same printed volume; no fill on a print that was there
 * before the order; nothing is filled better than the print, the book or the trigger allows.
 */
export { MatchingEngine } from './matching-engine.ts'
export { feeOf, fillModelFrom, slip, type FillModel } from './fill-model.ts'
export type { OrderTicket, RejectReason, VenueEvent } from './venue-event.ts'
export { toDepthChange, type DepthChange } from './displayed-liquidity.ts'
