/**
 * What Binance's market data says: JSON to market events and back, live, by REST and recorded alike.
 *
 * Entry points: `sight` and `readSighted` (a parsed message to a market event), `snapshotEvent` (REST),
 * `MarketFrameWriter` (the inverse). Invariant: prices and quantities leave this folder as whole ticks and
 * lots, or not at all.
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
export { FrameScanner, type ScannedFrame, type ScannedStream } from './frame-scanner.ts'
