import type { OrderType, PositionSide, Side } from '@tapedeck/contracts'

/**
 * What a venue says about an account, in its own words but our shapes: decimals as strings, times in
 * milliseconds. Every venue adapter and the paper venue answer in these.
 */
export type VenueOrder = {
  readonly venue: string
  readonly symbol: string
  readonly clientOrderId: string
  readonly venueOrderId: string
  readonly side: Side
  readonly type: OrderType
  /** Kept in another list at the venue until it triggers (stops, take-profits). */
  readonly conditional: boolean
  readonly quantity: string
  readonly filledQuantity: string
  readonly price: string | null
  readonly stopPrice: string | null
  readonly reduceOnly: boolean
  /** Conditional: its price was reached and its market order is not there yet, which may last for ever. */
  readonly triggering?: true
}

export type VenuePosition = {
  readonly venue: string
  readonly symbol: string
  readonly side: PositionSide
  readonly quantity: string
  readonly averagePrice: string | null
}

export type VenueFill = {
  readonly venue: string
  readonly symbol: string
  /** The same id that `execution.order.*` carries for this fill. */
  readonly fillId: string
  readonly clientOrderId: string
  readonly side: Side
  readonly quantity: string
  readonly price: string
  readonly fee: string
  readonly feeAsset: string
  readonly liquidity: 'MAKER' | 'TAKER'
  readonly at: number
}

export type VenueBalance = {
  readonly asset: string
  /** Without unrealized P&L. */
  readonly wallet: string
}

/** One look at the venue: open orders plain and conditional, positions, recent fills, balances. */
export type VenueSnapshot = {
  /** Venue time of the answer. */
  readonly at: number
  readonly orders: readonly VenueOrder[]
  readonly positions: readonly VenuePosition[]
  readonly fills: readonly VenueFill[]
  readonly balances: readonly VenueBalance[]
}
