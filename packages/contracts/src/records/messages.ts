import { z } from 'zod'
import {
  Account,
  DecimalString,
  Millis,
  PositionSide,
  ReadableId,
  Side,
  Symbol,
  Venue,
} from '../values/scalars.ts'
import { OrderType } from '../orders/messages.ts'

/** What can differ between the venue's books and ours. A closed list. */
export const FindingKind = z.enum([
  'ORPHAN_POSITION',
  'STALE_POSITION',
  'MISSING_EXIT',
  'DUPLICATE_EXIT',
  'ORPHAN_ORDER',
  'QUANTITY_MISMATCH',
  'MISSED_FILL',
  'UNKNOWN_ORDER',
])
export type FindingKind = z.infer<typeof FindingKind>

export const FindingDetected = z.object({
  account: Account,
  venue: Venue,
  symbol: Symbol,
  finding_id: ReadableId,
  at: Millis,
  kind: FindingKind,
  ours: z.string().max(600),
  theirs: z.string().max(600),
  action: z.string().max(300),
})
export type FindingDetected = z.infer<typeof FindingDetected>

/**
 * What execution is asked to do about a finding. The id is a hash of what it stands for: twice does nothing twice.
 * Version 2 added `fee_asset`.
 */
export const CorrectionRequested = z.object({
  account: Account,
  venue: Venue,
  symbol: Symbol,
  correction_id: ReadableId,
  finding_id: ReadableId,
  correction: z.enum([
    'PLACE_EMERGENCY_STOP',
    'RECREATE_EXIT',
    'RESIZE_PROTECTION',
    'CANCEL_ORDER',
    'CLOSE_FROM_FILLS',
    'APPLY_FILL',
    'RESOLVE_ORDER',
  ]),
  trade_id: ReadableId.nullable(),
  client_order_id: ReadableId.nullable(),
  side: Side.nullable(),
  quantity: DecimalString.nullable(),
  price: DecimalString.nullable(),
  /** The venue's id and fee of the fill that APPLY_FILL names; null for every other correction. */
  fill_id: ReadableId.nullable().default(null),
  fee: DecimalString.nullable().default(null),
  /** Null: the quote asset. */
  fee_asset: z.string().max(20).nullable(),
})
export type CorrectionRequested = z.infer<typeof CorrectionRequested>

const here = { venue: Venue, symbol: Symbol }

/**
 * What the venue answered to a look, so that the comparison can be made again: it is an input that
 * nothing else on the tape holds.
 */
export const VenueSeen = z.object({
  at: Millis,
  orders: z.array(
    z.object({
      ...here,
      client_order_id: z.string().max(160),
      venue_order_id: z.string().max(64),
      side: Side,
      type: OrderType,
      conditional: z.boolean(),
      quantity: DecimalString,
      filled_quantity: DecimalString,
      price: DecimalString.nullable(),
      stop_price: DecimalString.nullable(),
      reduce_only: z.boolean(),
    }),
  ),
  positions: z.array(
    z.object({
      ...here,
      side: PositionSide,
      quantity: DecimalString,
      average_price: DecimalString.nullable(),
    }),
  ),
  fills: z.array(
    z.object({
      ...here,
      fill_id: z.string().max(160),
      client_order_id: z.string().max(160),
      side: Side,
      quantity: DecimalString,
      price: DecimalString,
      fee: DecimalString,
      fee_asset: z.string().max(20),
      liquidity: z.enum(['MAKER', 'TAKER']),
      at: Millis,
    }),
  ),
  balances: z.array(z.object({ asset: z.string().max(20), wallet: DecimalString })),
})
export type VenueSeen = z.infer<typeof VenueSeen>

export const ReconciliationCompleted = z.object({
  account: Account,
  run_number: z.int().min(1),
  at: Millis,
  trigger: z.enum(['start', 'interval', 'reconnect']),
  clean: z.boolean(),
  findings: z.int().min(0),
  orders_compared: z.int().min(0),
  positions_compared: z.int().min(0),
  fills_compared: z.int().min(0),
  /** Null where it was recorded before looks were kept. */
  seen: VenueSeen.nullable().default(null),
})
export type ReconciliationCompleted = z.infer<typeof ReconciliationCompleted>

/** The journal has closed its books on a trade: legs, fills and ledger agree. */
export const TradeRecorded = z.object({
  account: Account,
  venue: Venue,
  symbol: Symbol,
  trade_id: ReadableId,
  at: Millis,
  fills: z.int().min(0),
  net_pnl: DecimalString,
  /** Net P&L of all recorded trades of the run, after this one. */
  cumulative_pnl: DecimalString,
})
export type TradeRecorded = z.infer<typeof TradeRecorded>

/** The fills on the tape do not add up to what the trade says it made. The trade is not recorded. */
export const TradeDifference = z.object({
  account: Account,
  venue: Venue,
  symbol: Symbol,
  trade_id: ReadableId,
  at: Millis,
  fills: z.int().min(0),
  stated_net_pnl: DecimalString,
  computed_net_pnl: DecimalString,
  /** Everything that differs, with both numbers. */
  detail: z.string().max(600),
})
export type TradeDifference = z.infer<typeof TradeDifference>

/** A review from recorded numbers only. `template` says which deterministic text made it. */
export const ReviewWritten = z.object({
  account: Account,
  venue: Venue,
  symbol: Symbol,
  review_id: ReadableId,
  trade_id: ReadableId,
  at: Millis,
  author: z.enum(['template', 'model']),
  template: z.string().max(40),
  summary: z.string().max(600),
  entry_analysis: z.string().max(2000),
  exit_analysis: z.string().max(2000),
  order_flow_notes: z.string().max(2000),
  lessons: z.array(z.string().max(400)).max(10),
})
export type ReviewWritten = z.infer<typeof ReviewWritten>
