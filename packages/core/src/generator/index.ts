/**
 * A market made from a seed: for demos without a network, for load, and for tests that know the truth.
 *
 * Entry points: `GeneratedMarket` (market events, 100 ms at a time), `Random` (the seeded generator).
 * Invariant: the same options give the same events, on any machine.
 */
export { GeneratedMarket, type GeneratedMarketOptions } from './generated-market.ts'
export { Random } from './random.ts'
export type { Act } from './scenario.ts'
