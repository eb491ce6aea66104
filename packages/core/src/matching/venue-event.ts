import type { OrderType, Side } from '@tapedeck/contracts'

/** An order as it is sent to the matching engine: whole ticks and lots. */
export type OrderTicket = {
  readonly clientOrderId: string
  readonly side: Side
  readonly type: OrderType
  readonly lots: number
  /** LIMIT only. */
  readonly priceTicks: number | null
  /** STOP_MARKET and TAKE_PROFIT_MARKET only. */
  readonly stopTicks: number | null
  readonly reduceOnly: boolean
}

/** Why the venue refuses an order. */
export type RejectReason =
  | 'ORDER_INVALID'
  | 'QUANTITY_BELOW_MINIMUM'
  | 'NOTIONAL_BELOW_MINIMUM'
  | 'REDUCE_ONLY_WITHOUT_POSITION'
  | 'WOULD_TRIGGER_IMMEDIATELY'

type About = { readonly clientOrderId: string; readonly venueOrderId: string; readonly at: number }

/** What a venue tells about an order, each with the time at which it happened there. */
export type VenueEvent =
  | (About & { readonly kind: 'accepted' })
  | (About & { readonly kind: 'triggered' })
  | (About & {
      readonly kind: 'filled'
      readonly fillId: string
      readonly lots: number
      readonly priceTicks: number
      readonly leavesLots: number
      readonly liquidity: 'MAKER' | 'TAKER'
      /** Quote asset, decimal string; negative is a rebate. */
      readonly fee: string
    })
  | (About & { readonly kind: 'canceled' })
  | (About & { readonly kind: 'rejected'; readonly reason: RejectReason })
  | (About & { readonly kind: 'expired'; readonly reason: 'REDUCE_ONLY_WITHOUT_POSITION' })
  /** The order to be canceled is not open: it filled, ended, or never was. */
  | (About & { readonly kind: 'cancel_rejected' })
