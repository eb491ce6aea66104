import type { OpenFeeAsset } from './accounts/fee-asset.ts'
import type { ExchangeInstrument } from './exchange-instrument.ts'
import type { ConditionalView, OrderView } from './orders/order-types.ts'

/**
 * What becomes of a conditional order whose price was reached: `trigger` makes its order; `stick` leaves it
 * TRIGGERING, without an order, until `resolveTrigger`; `reject` ends it, for a reason of one's own where
 * one is given; `expire` ends it as the system does; `finish_empty` makes the order and has it canceled by
 * the engine before it fills anything.
 */
export type TriggerOutcome =
  | 'trigger'
  | 'stick'
  | 'reject'
  | 'expire'
  | 'finish_empty'
  | { readonly reject: string }

/**
 * How much of an order that was accepted may fill: `part` is a share of its quantity in (0, 1), rounded down
 * to whole lots. The rest is never filled and never ended (`stay`), or expires with reason 9 (`expire`).
 */
export type EntryOutcome =
  | { readonly kind: 'all' }
  | { readonly kind: 'part'; readonly part: number; readonly rest: 'stay' | 'expire' }

/** Where whoever makes faults is asked. Answers must depend on nothing but the question and a seed. */
export type ExchangeHooks = {
  readonly onTrigger?: (account: string, conditional: ConditionalView) => TriggerOutcome
  /** Before an accepted order meets the book. */
  readonly onEntry?: (account: string, order: OrderView) => EntryOutcome
  /** `fill`: the order fills at its own price first, and the cancel is refused as for one that is over. */
  readonly onCancel?: (account: string, order: OrderView) => 'cancel' | 'fill'
  /** True: a countdown that ends cancels conditional orders too. Not documented either way; default no. */
  readonly countdownTakesConditionals?: () => boolean
}

export type ExchangeOptions = {
  readonly instruments: readonly ExchangeInstrument[]
  /** Percent of notional; negative is a rebate. Default 0.02 and 0.05. */
  readonly makerFeePercent?: number
  readonly takerFeePercent?: number
  /** Decides where ids begin, so that two exchanges do not give the same ones. Default 1. */
  readonly seed?: number
  /** Exchange clock at the beginning, ms. */
  readonly startTime: number
  /** Initial leverage of symbols that nobody set. Default 20. */
  readonly leverage?: number
  /** What the insurance fund has at the beginning. Default 1000000. */
  readonly insuranceFund?: string
  /** Conditional orders that an account may have over all symbols. Default 200. */
  readonly maxConditionals?: number
  readonly hooks?: ExchangeHooks
}

export type OpenAccount = {
  /** Deposit in the margin asset; `0` by default. */
  readonly balance?: string
  /** What commissions are paid with, as far as it lasts; the margin asset by default. */
  readonly feeAsset?: OpenFeeAsset
  readonly makerFeePercent?: number
  readonly takerFeePercent?: number
}
