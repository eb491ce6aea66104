import type { Side } from '@tapedeck/contracts'

/**
 * How much to trade: whole lots; or percent of equity that is lost at the protective stop, fees aside
 * (`sizeOrder` of risk, S3 §7.1, floored to the lot and capped by leverage); or, for market orders, an
 * amount of the quote asset, turned into lots at the price that the order meets, as spot venues do.
 */
export type OrderSizing =
  | { readonly lots: number }
  | { readonly riskPercent: number; readonly maxLeverage?: number }
  | { readonly quote: number; readonly rounding: 'floor' | 'nearest' }

/** Opens or adds to a position. */
export type EnterOrder = {
  readonly action: 'enter'
  /** Unique within the run while it is open; names the order in updates. */
  readonly id: string
  readonly symbol: string
  readonly side: Side
  /** `market` fills at the next open, `limit` when price goes through, `stop` when price gets there. */
  readonly type: 'market' | 'limit' | 'stop'
  /** Price of a limit or trigger of a stop, whole ticks; null for a market order. */
  readonly ticks: number | null
  readonly size: OrderSizing
  /** Protection of the whole position once this fills; null leaves what is in force. */
  readonly stopTicks: number | null
  readonly targetTicks: number | null
  readonly reason: string
}

/** Closes at the next open: `lots` of the position, or all of it with null. */
export type ExitOrder = {
  readonly action: 'exit'
  readonly symbol: string
  readonly lots: number | null
  readonly reason: string
}

/**
 * Sets the protection of the whole position: undefined leaves a side as it is, null takes it away. The
 * new order is placed before the old one is canceled.
 */
export type ProtectOrder = {
  readonly action: 'protect'
  readonly symbol: string
  readonly stopTicks?: number | null
  readonly targetTicks?: number | null
}

/** Cancels an entry that rests; with `id` null all entries of the symbol. */
export type CancelOrder = {
  readonly action: 'cancel'
  readonly symbol: string
  readonly id: string | null
}

export type StrategyOrder = EnterOrder | ExitOrder | ProtectOrder | CancelOrder

/** What an order of the strategy was for. */
export type OrderRole = 'entry' | 'exit' | 'stop' | 'target'

/** What became of an order, at the moment at which the venue said so. */
export type OrderUpdate = {
  readonly kind: 'filled' | 'canceled' | 'rejected' | 'expired' | 'unsized'
  readonly at: number
  readonly symbol: string
  /** The strategy's own id for entries; `stop`, `target` and `exit` otherwise. */
  readonly id: string
  readonly role: OrderRole
  readonly side: Side
  /** Filled now, and left afterward; 0 where nothing filled. */
  readonly lots: number
  readonly leavesLots: number
  /** Price of the fill; 0 where nothing filled. */
  readonly ticks: number
  /** In the quote asset. */
  readonly fee: number
  /** Why it was rejected or could not be sized; empty otherwise. */
  readonly reason: string
}
