/**
 * Binance's streams, kept alive: market data and the account's own.
 *
 * Entry points: `BinanceLiveFeed` (market data, repaired by REST), `AccountStreamClient` (orders, fills and
 * balances as the venue pushes them). Invariant: what a connection lost is told, never hidden.
 */
export { BinanceLiveFeed, type LiveFeedOptions, type LiveFeedTimes } from './live-feed.ts'
export type { MarketRest } from './market-rest.ts'
export { quoteAssetOf } from './decode-order-update.ts'
export { AccountStreamClient } from './account-stream.ts'
export type {
  AccountStreamOptions,
  ListenKeyAnswer,
  ListenKeyCalls,
} from './account-stream-options.ts'
export { parseFrame } from './frame-problem.ts'
export { linkTimes } from './link-times.ts'
export { LiveLink } from './live-link.ts'
export type { LinkListener, OpenLink, StreamLink } from './stream-link.ts'
export { planConnections, type PlannedConnection } from './stream-plan.ts'
export { StreamSocket, type ReadFrame } from './stream-socket.ts'
export { openWebSocket } from './web-socket-link.ts'
