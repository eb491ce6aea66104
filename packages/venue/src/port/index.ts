/**
 * The venue port: what is asked of a venue, and what a venue tells, whichever venue it is.
 *
 * Entry points: `VenuePort` (all of it), and its parts: `VenueMarket` (market data, without keys),
 * `VenueTrading` (orders and the account), `VenueQueries` (questions without effect); `AccountEvent` (what is pushed), `lookAtVenue` (all questions
 * of a reconciliation). Invariants: an outcome is known or unknown,
 * never guessed; every price and quantity is a decimal string; a fill has one id, however it was learned.
 */
export { known, unknown, type VenueResult } from './venue-result.ts'
export type {
  CancelAnswer,
  CancelRequest,
  FoundOrder,
  OrderAnswer,
  OrderRequest,
} from './order-request.ts'
export type {
  AccountEvent,
  AccountListener,
  AccountNotice,
  AccountStream,
  BalanceEvent,
  OrderEvent,
  OrderStep,
  StreamState,
} from './account-event.ts'
export type {
  AccountSetup,
  FundingPayment,
  SetupAnswer,
  VenuePort,
  VenueQueries,
  VenueTrading,
} from './venue-port.ts'
export type { MarketFeed, MarketFeedRequest, VenueInstrument, VenueMarket } from './venue-market.ts'
export { lookAtVenue } from './look-at-venue.ts'
export { machineClock, type VenueClock } from './venue-clock.ts'
export { silentLog, type VenueLog } from './venue-log.ts'
