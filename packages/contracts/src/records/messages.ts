import { z } from 'zod'
import {
  Account,
  DecimalString,
  Millis,
  ReadableId,
  Side,
  Symbol,
  Venue,
} from '../values/scalars.ts'

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

/** What execution is asked to do about a finding. The id is a hash of what it stands for: twice does nothing twice. */
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
})
export type CorrectionRequested = z.infer<typeof CorrectionRequested>

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
