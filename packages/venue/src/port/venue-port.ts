import type { VenueBalance, VenueFill, VenueOrder, VenuePosition } from '@tapedeck/core'
import type { AccountListener, AccountStream } from './account-event.ts'
import type {
  CancelAnswer,
  CancelRequest,
  FoundOrder,
  OrderAnswer,
  OrderRequest,
} from './order-request.ts'
import type { VenueMarket } from './venue-market.ts'
import type { VenueResult } from './venue-result.ts'

/** Questions without effect: all that reconciliation needs. */
export interface VenueQueries {
  readonly venue: string
  /** Milliseconds UTC by the venue's clock. */
  serverTime(): Promise<VenueResult<number>>
  /** Plain and conditional orders that can still fill, of the named symbols. */
  openOrders(symbols: readonly string[]): Promise<VenueResult<readonly VenueOrder[]>>
  /** Positions that are not flat, of the named symbols. */
  positions(symbols: readonly string[]): Promise<VenueResult<readonly VenuePosition[]>>
  /** Fills at or after `since`, oldest first. */
  fills(symbol: string, since: number): Promise<VenueResult<readonly VenueFill[]>>
  balances(): Promise<VenueResult<readonly VenueBalance[]>>
  /** Null when the venue knows no order of that id. */
  findOrder(symbol: string, clientOrderId: string): Promise<VenueResult<FoundOrder | null>>
}

/** A funding payment on a position: quote amount, venue time. */
export type FundingPayment = {
  readonly symbol: string
  readonly amount: string
  readonly at: number
}

/** How the account must be set before anything is traded there. */
export type AccountSetup = {
  readonly symbols: readonly string[]
  /** Initial leverage to be set for each symbol. */
  readonly leverage: number
  readonly marginType: 'CROSSED' | 'ISOLATED'
}

/** What is wrong with the account for trading as we do; empty when it may be traded. */
export type SetupAnswer = { readonly problems: readonly string[] }

/** What is done on an account, and what it tells. */
export interface VenueTrading extends VenueQueries {
  /**
   * One-way mode checked (hedge mode is refused, not changed), permissions checked, margin type and
   * leverage set where they differ.
   */
  prepareAccount(setup: AccountSetup): Promise<VenueResult<SetupAnswer>>
  submitOrder(request: OrderRequest): Promise<VenueResult<OrderAnswer>>
  cancelOrder(request: CancelRequest): Promise<VenueResult<CancelAnswer>>
  /** Funding paid (negative) or received at or after `since`, oldest first; what a stream that was away lost. */
  funding(symbol: string, since: number): Promise<VenueResult<readonly FundingPayment[]>>
  /** Plain and conditional orders of a symbol, both lists. */
  cancelAllOrders(symbol: string): Promise<VenueResult<{ readonly canceled: true }>>
  /** What the account does, as the venue pushes it. Opened once; kept until `stop`. */
  openAccountStream(listener: AccountListener): AccountStream
}

/**
 * A venue that can be traded on: market data, orders, positions, balances, the account's stream, the
 * venue's clock. No method throws for what a venue may do: that is an outcome.
 */
export interface VenuePort extends VenueMarket, VenueTrading {}
