/**
 * Where the simulated venue's prices come from.
 *
 * Entry points: `MarketSource` (what a venue pulls from). Invariants: events in the order of time; the
 * same source and the same takes give the same events.
 */
export type { ClientTake, MarketSource, PreparedMarketSource } from './market-source.ts'
