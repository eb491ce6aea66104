/**
 * What a market looks like from outside: the stylized facts by which a made market is compared with real ones.
 *
 * Entry points: `MarketObserver` (fed the events of a market), `marketFactsOf` (its facts),
 * `priceFactsOf` (those of prices alone).
 * Invariant: pure; a fact that a series is too short for is absent.
 */
export { autocorrelation, correlation, followerGain, returnsOver, varianceRatio } from './series.ts'
export { priceFactsOf, type PriceFacts, type ReturnFacts } from './price-facts.ts'
export { MarketObserver, type SeenOrder } from './market-observer.ts'
export { impactBySize, impactExponent, type ImpactRow } from './impact-by-size.ts'
export { marketFactsOf, type MarketFacts } from './market-facts.ts'
