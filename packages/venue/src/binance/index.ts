/**
 * Binance's public market data: what its messages mean, and the streams that bring them.
 *
 * Entry points: `BinanceLiveFeed` (streams, repaired by REST), `BinancePublicRest`, `isBinanceReachable`;
 * `sight` and `readSighted` (JSON to market events, live and recorded alike), `MarketFrameWriter` (back).
 * Invariant: prices and quantities leave this folder as whole ticks and lots, or not at all.
 */
export {
  fieldInvalid,
  gridOf,
  readSighted,
  sight,
  snapshotEvent,
  stepsOf,
  toMillis,
  type InstrumentGrid,
  type MarketMessageKind,
  type Sighted,
} from './market-message.ts'
export { MarketFrameWriter, type MarketFrame } from './market-frames.ts'
export { BinanceLiveFeed, type LiveFeedOptions } from './live-feed.ts'
export {
  BinancePublicRest,
  isBinanceReachable,
  type PublicRestOptions,
  type VenueFilters,
} from './public-rest.ts'
