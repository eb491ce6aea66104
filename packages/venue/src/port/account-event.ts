import type { VenueBalance, VenueFill } from '@tapedeck/core'

/** What an order or conditional order went through, in the order in which the venue tells it. */
export type OrderStep =
  /** Resting (or, for a conditional order, armed) at the venue. */
  | 'accepted'
  /** Conditional: the price was reached; its market order is being made, and may never be. */
  | 'triggering'
  /** Conditional: its market order exists, under the same client order id and another venue order id. */
  | 'triggered'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected'
  /** Price or quantity changed in place. */
  | 'amended'

/** One thing that happened to one order. Decimals as strings; times by the venue's clock, ms. */
export type OrderEvent = {
  readonly kind: 'order'
  readonly step: OrderStep
  readonly symbol: string
  /** `autoclose-...` and `adl_autoclose...` are the venue's own: liquidation and deleveraging. */
  readonly clientOrderId: string
  readonly venueOrderId: string
  readonly conditional: boolean
  /** Quantity and filled so far, of the order that this is about. */
  readonly quantity: string
  readonly filledQuantity: string
  /** The fill that caused it; its `fillId` is the one that `VenueQueries.fills` gives. */
  readonly fill: VenueFill | null
  /** The venue's word for why it ended, cleaned; null when it says none. */
  readonly reason: string | null
  readonly at: number
}

/** Balances and positions that changed, and by what the venue says. */
export type BalanceEvent = {
  readonly kind: 'balance'
  /** `ORDER`, `FUNDING_FEE`, `DEPOSIT`, ... as the venue names it. */
  readonly cause: string
  readonly balances: readonly VenueBalance[]
  /** Quote amount by which the wallet changed apart from P&L and fees; null where not told. */
  readonly change: string | null
  /** Signed quantities: positive long. */
  readonly positions: readonly {
    readonly symbol: string
    readonly quantity: string
    readonly averagePrice: string | null
  }[]
  readonly symbol: string | null
  readonly at: number
}

/** Something about the account that an operator has to know. */
export type AccountNotice = {
  readonly kind: 'notice'
  readonly notice: 'margin_call' | 'leverage_changed' | 'mode_changed'
  readonly symbol: string | null
  readonly detail: string
  readonly at: number
}

/** Something was told that we do not know: it may have been about money. What it was has to be asked for. */
export type UnknownEvent = { readonly kind: 'unknown'; readonly detail: string }

/**
 * `up`: events flow from here on; whatever happened before is asked for by REST, because nothing is
 * replayed. `down`: nothing that happens now will be told.
 */
export type StreamState = {
  readonly kind: 'stream'
  readonly state: 'up' | 'down'
  readonly detail: string
}

export type AccountEvent = OrderEvent | BalanceEvent | AccountNotice | UnknownEvent | StreamState

/** Is told in order. Must not throw. */
export type AccountListener = (event: AccountEvent) => void

export interface AccountStream {
  stop(): Promise<void>
}
