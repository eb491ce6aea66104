import type { OrderStatus, OrderType, Side } from '@tapedeck/contracts'
import type { VenueOrder } from '@tapedeck/core'

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
      /** It was not sent: the venue's limits, as far as they are known, allow it so much later. */
      readonly retryInMs?: number
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

/**
 * An order as the venue remembers it, open or over. A conditional order that has triggered is found as
 * the market order that it became.
 */
export type FoundOrder = VenueOrder & {
  readonly status: OrderStatus
  /** Why it ended, by the venue's word; null while it is open and where none is told. */
  readonly reason: string | null
  readonly at: number
}
