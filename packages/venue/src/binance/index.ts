/**
 * Binance USD-M futures: public market data, and trading behind the venue port.
 *
 * Entry points: `createBinanceVenue` (the port), `checkLiveTrading` (whether it may be used),
 * `readCredentials`, `runPreflight` (what could be wrong with trading there); `createBinanceMarket` (the public
 * half of the port, without keys), `isBinanceReachable`;
 * `sight` and `readSighted` (JSON to market events, live and recorded alike), `MarketFrameWriter` (back).
 * Invariants: market prices and quantities leave this folder as whole ticks and lots, or not at all; no order
 * is sent twice; an outcome is known or unknown, never guessed; a key goes to the configured host alone.
 */
export {
  MarketFrameWriter,
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
  type MarketFrame,
} from './market/index.ts'
export {
  AccountStreamClient,
  BinanceLiveFeed,
  type AccountStreamOptions,
  type LinkListener,
  type ListenKeyAnswer,
  type ListenKeyCalls,
  type LiveFeedOptions,
  type LiveFeedTimes,
  type OpenLink,
  type StreamLink,
} from './streams/index.ts'
export { isBinanceMarketReachable, isBinanceReachable } from './is-binance-reachable.ts'
export { createBinanceMarket, type BinanceMarketOptions } from './binance-market.ts'
export {
  LIVE_SETTINGS,
  checkLiveTrading,
  type LiveTradingAnswer,
  type LiveTradingRequest,
} from './check-live-trading.ts'
export {
  CREDENTIAL_SETTINGS,
  Secret,
  isPem,
  keyProblem,
  makeKeyPair,
  openCredentials,
  publicKeyOf,
  readPrivateKey,
  readCredentials,
  readSecretSetting,
  sealCredentials,
  writeCredentialsFile,
  writeNewSecretFile,
  type Credentials,
  type KeyPair,
  type KeyRole,
  type PrivateKeyKind,
  type PrivateKeyReading,
} from './credentials/index.ts'
export { resolveNetwork, type BinanceNetwork, type NetworkUrls } from './networks.ts'
export { NotSent, type FetchAnswer, type FetchLike, type FetchRequest } from './rest/index.ts'
export type { BinanceVenue, BinanceVenueOptions, WorkingType } from './binance-venue-options.ts'
export { createBinanceVenue } from './binance-venue.ts'
export {
  runPreflight,
  type PreflightFinding,
  type PreflightOptions,
  type PreflightPlan,
} from './preflight/index.ts'
