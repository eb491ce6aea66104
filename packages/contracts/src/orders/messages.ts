import { z } from 'zod'
import {
  Account,
  DecimalString,
  Grade,
  Millis,
  PositionSide,
  ReadableId,
  Side,
  Symbol,
  Venue,
} from '../values/scalars.ts'
import { Strategy } from '../setups/messages.ts'

const on = { account: Account, venue: Venue, symbol: Symbol }

export const OrderStatus = z.enum([
  'INITIALIZED',
  'SUBMITTED',
  'UNKNOWN',
  'ACCEPTED',
  'PARTIALLY_FILLED',
  'PENDING_CANCEL',
  'FILLED',
  'CANCELED',
  'REJECTED',
  'EXPIRED',
])
export type OrderStatus = z.infer<typeof OrderStatus>

export const OrderType = z.enum(['LIMIT', 'MARKET', 'STOP_MARKET', 'TAKE_PROFIT_MARKET'])
export type OrderType = z.infer<typeof OrderType>

export const OrderRole = z.enum(['ENTRY', 'STOP', 'TARGET', 'EXIT', 'EMERGENCY_STOP'])
export type OrderRole = z.infer<typeof OrderRole>

/** An order as it stands after the event that carries it. */
export const Order = z.object({
  client_order_id: ReadableId,
  venue_order_id: z.string().max(64).nullable(),
  trade_id: ReadableId,
  role: OrderRole,
  side: Side,
  type: OrderType,
  quantity: DecimalString,
  price: DecimalString.nullable(),
  stop_price: DecimalString.nullable(),
  reduce_only: z.boolean(),
  status: OrderStatus,
  filled_quantity: DecimalString,
  average_price: DecimalString.nullable(),
  created_at: Millis,
  updated_at: Millis,
  reason: z.string().max(400).nullable(),
})
export type Order = z.infer<typeof Order>

/** Our execution against a print: one row of the ledger. Version 2 of what carries one added `fee_quote`. */
export const Fill = z.object({
  fill_id: ReadableId,
  client_order_id: ReadableId,
  trade_id: ReadableId,
  side: Side,
  last_quantity: DecimalString,
  last_price: DecimalString,
  /** In `fee_asset`. */
  fee: DecimalString,
  fee_asset: z.string().max(20),
  /**
   * The fee in the instrument's quote asset: itself where it was paid in that, else its value at a price on the
   * tape or in the configuration; null where there was neither.
   */
  fee_quote: DecimalString.nullable(),
  liquidity: z.enum(['MAKER', 'TAKER']),
  /** Price that was expected when the order was sent, for the slippage ledger. */
  expected_price: DecimalString.nullable(),
  slippage_percent: z.number().nullable(),
  at: Millis,
})
export type Fill = z.infer<typeof Fill>

/** `execution.order.<status>`: the order after the change, and the fill when one caused it. */
export const OrderChanged = z.object({ ...on, order: Order, fill: Fill.nullable() })
export type OrderChanged = z.infer<typeof OrderChanged>

export const TradeStatus = z.enum([
  'PENDING_ENTRY',
  'OPEN',
  'PROTECTED',
  'CLOSING',
  'CLOSED',
  'ABANDONED',
])
export type TradeStatus = z.infer<typeof TradeStatus>

/** One idea carried out: entry, protection, exit. */
export const Trade = z.object({
  trade_id: ReadableId,
  setup_id: ReadableId,
  signal_id: ReadableId,
  decision_id: ReadableId,
  strategy: Strategy,
  grade: Grade,
  side: Side,
  status: TradeStatus,
  planned_quantity: DecimalString,
  quantity: DecimalString,
  planned_entry_price: DecimalString,
  entry_price: DecimalString.nullable(),
  initial_stop_price: DecimalString,
  stop_price: DecimalString,
  target_price: DecimalString,
  opened_at: Millis.nullable(),
})
export type Trade = z.infer<typeof Trade>

/** `execution.trade.started|opened|protected|stop_moved|exit_requested|abandoned`. */
export const TradeChanged = z.object({ ...on, trade: Trade, reason: z.string().max(400) })
export type TradeChanged = z.infer<typeof TradeChanged>

export const ExitReason = z.enum([
  'TARGET',
  'STOP',
  'BREAK_EVEN',
  'TRAILING_STOP',
  'INVALIDATION',
  'UNPROTECTED',
  'MANUAL',
  'FLATTEN',
  'RECONCILED',
])
export type ExitReason = z.infer<typeof ExitReason>

/** What a trade paid in fees in one asset that is not its quote asset. */
export const OtherFees = z.object({
  asset: z.string().max(20),
  /** All of it, in that asset. */
  amount: DecimalString,
  /** Value of what could be valued, quote asset: part of `fees`. Null where nothing could. */
  quote_value: DecimalString.nullable(),
  /** What of `amount` could not be valued, and is in neither `fees` nor `net_pnl`. */
  unvalued: DecimalString,
})
export type OtherFees = z.infer<typeof OtherFees>

/**
 * A trade is over: what it made, from fills and their fees alone, in the quote asset. Version 2 added `funding`,
 * version 3 `other_fees`.
 */
export const TradeClosed = z.object({
  ...on,
  trade: Trade,
  exit_reason: ExitReason,
  exit_price: DecimalString,
  closed_at: Millis,
  gross_pnl: DecimalString,
  /** Paid in the quote asset, and the value of what was paid in others, as far as it is known. */
  fees: DecimalString,
  other_fees: z.array(OtherFees).max(20),
  funding: DecimalString,
  net_pnl: DecimalString,
  /** Net, in percent of equity at the session's start. */
  pnl_percent: z.number(),
  /** Net, in units of the risk taken at entry. */
  r_multiple: z.number(),
  max_adverse_r: z.number(),
  max_favorable_r: z.number(),
  duration_ms: z.int().min(0),
})
export type TradeClosed = z.infer<typeof TradeClosed>

export const PositionChanged = z.object({
  ...on,
  side: PositionSide,
  quantity: DecimalString,
  average_price: DecimalString.nullable(),
  realized_pnl: DecimalString,
  trade_id: ReadableId.nullable(),
  protected: z.boolean(),
})
export type PositionChanged = z.infer<typeof PositionChanged>

export const AccountUpdated = z.object({
  account: Account,
  at: Millis,
  wallet_balance: DecimalString,
  unrealized_pnl: DecimalString,
  equity: DecimalString,
  open_positions: z.int().min(0),
  pending_entries: z.int().min(0),
})
export type AccountUpdated = z.infer<typeof AccountUpdated>

/** An operator's wish about orders, on the tape so that it replays. */
export const ExecutionCommandReceived = z.object({
  account: Account,
  command_id: ReadableId,
  command: z.enum(['cancel_order', 'close_position', 'adopt_position']),
  target: ReadableId,
  reason: z.string().max(400),
  by: z.string().max(80),
})
export type ExecutionCommandReceived = z.infer<typeof ExecutionCommandReceived>

/**
 * What a venue told about an order of ours, or that it did not answer: an input of execution, put on the tape
 * before anything follows from it, so that a live session replays. Paper trading has none: its venue is a
 * function of the tape. Version 2 added `time_passed` and `retry_in_ms`.
 */
export const VenueReported = z.object({
  ...on,
  /** Derived from what it says: the same news told twice, by stream and by query, has one id. */
  report_id: ReadableId,
  report: z.enum([
    'accepted',
    /** No answer, or one that says nothing: the order may or may not be at the venue. */
    'unknown',
    'triggering',
    'triggered',
    'filled',
    'amended',
    'canceled',
    'expired',
    'rejected',
    'cancel_rejected',
    /** Paid (negative) or received on the position. */
    'funding',
    /** Nobody told anything, market time least of all, and it is `at` by now. About every symbol, whichever it names. */
    'time_passed',
  ]),
  /** Null for funding and time. The venue's own ids (liquidation) are not ours. */
  client_order_id: z.string().max(64).nullable(),
  venue_order_id: z.string().max(64).nullable(),
  side: Side.nullable(),
  fill: z
    .object({
      fill_id: ReadableId,
      quantity: DecimalString,
      price: DecimalString,
      fee: DecimalString,
      fee_asset: z.string().max(20),
      liquidity: z.enum(['MAKER', 'TAKER']),
    })
    .nullable(),
  /** Filled so far by the venue's count; null where it does not say. */
  filled_quantity: DecimalString.nullable(),
  /** Funding: quote amount. */
  amount: DecimalString.nullable(),
  /** The venue's code and words, secrets removed. */
  code: z.string().max(40).nullable(),
  reason: z.string().max(400).nullable(),
  /** Rejected: it was not placed, and the same order under a new id may be. */
  may_resend: z.boolean(),
  /** The limits in force let it through so much later, as far as they are known; null where it was not that. */
  retry_in_ms: z.int().min(0).nullable(),
  /** `clock`: our own. */
  learned_by: z.enum(['stream', 'answer', 'query', 'clock']),
  /** By the venue's clock; of time that passed, market time carried on by ours. */
  at: Millis,
})
export type VenueReported = z.infer<typeof VenueReported>
