import { z } from 'zod'

/** Null: every account. */
const Account = z.string().min(1).max(64).nullable().default(null)
/** Null: every symbol that is listed; for an order of somebody else the first. */
const Symbol = z
  .string()
  .regex(/^[A-Z0-9_]{2,30}$/)
  .nullable()
  .default(null)
const Quantity = z.string().regex(/^\d{1,12}(\.\d{1,12})?$/)
const Rate = z.string().regex(/^-?\d{1,3}(\.\d{1,12})?$/)
const Part = z.number().gt(0).lt(1)

/** What becomes of a conditional order as its price is reached. Which: `PlannedFault.on`. */
export const TRIGGER_FAULTS = [
  z.strictObject({
    kind: z.literal('algo_stuck').meta({
      says: 'a conditional order stays TRIGGERING; its order is never made',
    }),
  }),
  z.strictObject({
    kind: z
      .literal('algo_rejected')
      .meta({ says: 'a conditional order is REJECTED as it triggers' }),
    reason: z.string().min(1).max(200).default('Margin is insufficient.'),
  }),
  z.strictObject({
    kind: z.literal('algo_unfilled').meta({
      says: 'a conditional order is FINISHED with aq 0: its order was canceled in the engine',
    }),
  }),
  z.strictObject({
    kind: z.literal('algo_expired').meta({ says: 'a conditional order is EXPIRED by the system' }),
  }),
] as const

/** What the exchange does to a plain order that it holds. Which: `PlannedFault.on`. */
export const ORDER_FAULTS = [
  z.strictObject({
    kind: z.literal('partial_then_nothing').meta({
      says: 'an order fills in part, and then nothing is ever heard of it again',
    }),
    part: Part,
  }),
  z.strictObject({
    kind: z.literal('partial_then_expired').meta({
      says: 'a market order fills in part, and the rest is EXPIRED with er 9',
    }),
    part: Part,
  }),
  z.strictObject({
    kind: z.literal('cancel_too_late').meta({
      says: 'an order fills as it is canceled: the cancel answers -2011',
    }),
  }),
] as const

/** What happens at the exchange without anybody's asking. */
export const MOVE_FAULTS = [
  z.strictObject({
    kind: z.literal('liquidation').meta({ says: 'positions are liquidated (autoclose-)' }),
    account: Account,
    symbol: Symbol,
  }),
  z.strictObject({
    kind: z.literal('deleveraging').meta({ says: 'a position is reduced (adl_autoclose)' }),
    account: Account,
    symbol: Symbol,
    part: z.number().gt(0).max(1).default(0.5),
  }),
  z.strictObject({
    kind: z.literal('foreign_order').meta({ says: 'somebody else trades on the account' }),
    account: Account,
    symbol: Symbol,
    side: z.enum(['BUY', 'SELL']),
    quantity: Quantity,
  }),
  z.strictObject({
    kind: z.literal('foreign_leverage').meta({ says: 'somebody else sets the leverage' }),
    account: Account,
    symbol: Symbol,
    leverage: z.int().min(1).max(125),
  }),
  z.strictObject({
    kind: z.literal('foreign_margin_type').meta({ says: 'somebody else sets the margin type' }),
    account: Account,
    symbol: Symbol,
    margin_type: z.enum(['CROSSED', 'ISOLATED']),
  }),
  z.strictObject({
    kind: z.literal('funding').meta({ says: 'funding is paid now, at this rate' }),
    symbol: Symbol,
    rate: Rate,
  }),
  z.strictObject({
    kind: z.literal('symbol_status').meta({
      says: 'a symbol is no longer TRADING; SETTLING ends its positions',
    }),
    symbol: Symbol,
    status: z.enum(['TRADING', 'PENDING_TRADING', 'BREAK', 'HALT', 'SETTLING', 'CLOSE']),
  }),
  z.strictObject({
    kind: z.literal('price_jump').meta({
      says: 'the price jumps through stops and whatever rests: fills with slippage',
    }),
    symbol: Symbol,
    share: z.number().min(-0.9).max(9),
  }),
] as const
