/**
 * Binance's public market data: what its messages mean, and the streams that bring them.
 *
 * Entry points: `sight` and `readSighted` (JSON to market events, live and recorded alike).
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
