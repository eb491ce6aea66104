import type { OrderStatus, OrderType, Side } from '@tapedeck/contracts'
import type {
  VenueBalance,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueSnapshot,
} from '@tapedeck/core'

/**
 * What came of asking a venue. `unknown` means that the question may or may not have had an effect
 * (timeout, 5xx, dropped socket): it is resolved by asking about it, never by sending it again.
 * A refusal is `known`: the venue answered, and the answer was no.
 */
export type VenueResult<T> =
  | { readonly outcome: 'known'; readonly value: T }
  | { readonly outcome: 'unknown'; readonly detail: string }

export const known = <T>(value: T): VenueResult<T> => ({ outcome: 'known', value })
export const unknown = (detail: string): VenueResult<never> => ({ outcome: 'unknown', detail })

/** An order to be sent: decimals on the instrument's grid, an id that was never used before. */
export type OrderRequest = {
  readonly symbol: string
  readonly clientOrderId: string
  readonly side: Side
  readonly type: OrderType
  readonly quantity: string
  /** Limit price; null for every other type. */
  readonly price: string | null
  /** Trigger price of STOP_MARKET and TAKE_PROFIT_MARKET; null for the others. */
  readonly stopPrice: string | null
  readonly reduceOnly: boolean
}

export type OrderAnswer =
  | { readonly accepted: true; readonly venueOrderId: string; readonly at: number }
  | {
      readonly accepted: false
      /** The venue's own code, e.g. `-2021`. */
      readonly code: string
      readonly reason: string
      /** `retry`: it was not placed and may be sent again (under a new id) later. */
      readonly next: 'retry' | 'stop'
    }

export type CancelRequest = {
  readonly symbol: string
  readonly clientOrderId: string
  /** Conditional orders are canceled elsewhere than plain ones. */
  readonly conditional: boolean
}

/** `gone`: the venue has no such open order; whether it filled is asked with `findOrder`. */
export type CancelAnswer =
  | { readonly canceled: true; readonly at: number }
  | { readonly canceled: false; readonly gone: boolean; readonly reason: string }

/** An order as the venue remembers it, open or over. */
export type FoundOrder = VenueOrder & { readonly status: OrderStatus }

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

/** A venue that can be traded on. */
export interface VenuePort extends VenueQueries {
  submitOrder(request: OrderRequest): Promise<VenueResult<OrderAnswer>>
  cancelOrder(request: CancelRequest): Promise<VenueResult<CancelAnswer>>
}

/**
 * One look for reconciliation: every question asked once. The first unknown answer makes the look
 * unknown, because half a look would show differences that are not there.
 */
export const lookAtVenue = async (
  venue: VenueQueries,
  symbols: readonly string[],
  since: number,
): Promise<VenueResult<VenueSnapshot>> => {
  // Fills last: one that happens in between shows as a fill of ours to come, not as a lost position.
  const at = await venue.serverTime()
  if (at.outcome === 'unknown') return at
  const orders = await venue.openOrders(symbols)
  if (orders.outcome === 'unknown') return orders
  const positions = await venue.positions(symbols)
  if (positions.outcome === 'unknown') return positions
  const fills: VenueFill[] = []
  for (const symbol of symbols) {
    const some = await venue.fills(symbol, since)
    if (some.outcome === 'unknown') return some
    fills.push(...some.value)
  }
  const balances = await venue.balances()
  if (balances.outcome === 'unknown') return balances
  return known({
    at: at.value,
    orders: orders.value,
    positions: positions.value,
    fills,
    balances: balances.value,
  })
}
