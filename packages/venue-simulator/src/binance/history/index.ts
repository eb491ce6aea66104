/**
 * What the public prices of the venue were: candles of mark and index, and how open interest went.
 *
 * Entry point: `PriceHistory`, told of what the exchange says. Invariants: nothing is in it that the public
 * was not told; a minute that nobody told a price in stands at the one before; as JSON through `snapshot`.
 */
export { INTEREST_PERIODS, type InterestPeriod, type InterestRow } from './interest-samples.ts'
export { PriceHistory, type PriceKind, type SavedPriceHistory } from './price-history.ts'
export type { PriceCandle } from './price-bars.ts'
