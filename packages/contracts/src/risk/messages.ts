import { z } from 'zod'
import {
  Account,
  DecimalString,
  Grade,
  Millis,
  ReadableId,
  Side,
  Symbol,
  TradingState,
  Venue,
} from '../values/scalars.ts'
import { Strategy } from '../setups/messages.ts'

/** Why risk denied, in order of precedence. A closed list with stable codes. */
export const DENIAL_REASONS = [
  'TRADING_HALTED',
  'TRADING_REDUCING',
  'SESSION_PAUSED',
  'SESSION_STOPPED',
  'SESSION_LIQUIDATING',
  'FEED_STALE',
  'FEATURES_TAINTED',
  'SIGNAL_EXPIRED',
  'SIGNAL_DUPLICATE',
  'SESSION_NOT_PROFITABLE',
  'BREAKER_DAILY_LOSS',
  'BREAKER_DRAWDOWN',
  'BREAKER_ORDER_RATE',
  'BREAKER_SLIPPAGE',
  'BREAKER_MODEL_CONFIDENCE',
  'MODEL_FALSE_BREAKOUT',
  'GRADE_BELOW_MINIMUM',
  'POSITION_OPEN_IN_SYMBOL',
  'OPEN_POSITIONS_MAXIMUM',
  'CORRELATED_GROUP_MAXIMUM',
  'STOP_INVALID',
  'SIZE_BELOW_MINIMUM',
  'LEVERAGE_EXCEEDS_MAXIMUM',
  'NOTIONAL_EXCEEDS_MAXIMUM',
  'QUANTITY_BELOW_LOT',
  'NOTIONAL_BELOW_VENUE_MINIMUM',
  'SLIPPAGE_EXCEEDS_MAXIMUM',
] as const
export const DenialReason = z.enum(DENIAL_REASONS)
export type DenialReason = z.infer<typeof DenialReason>

const Numbers = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))

/** One check with the numbers that it compared. `passed: null` = not reached because an earlier input was missing. */
export const RiskCheck = z.object({
  check: z.string().max(60),
  passed: z.boolean().nullable(),
  reason: DenialReason.nullable(),
  detail: z.string().max(400),
  numbers: Numbers,
})
export type RiskCheck = z.infer<typeof RiskCheck>

/** All that a decision was made from: S1's five questions. */
export const DecisionInputs = z.object({
  price: Numbers,
  volatility: Numbers,
  equity: Numbers,
  system: Numbers,
  risk: Numbers,
})
export type DecisionInputs = z.infer<typeof DecisionInputs>

const decided = {
  account: Account,
  venue: Venue,
  symbol: Symbol,
  decision_id: ReadableId,
  signal_id: ReadableId,
  setup_id: ReadableId,
  at: Millis,
  strategy: Strategy,
  side: Side,
  grade: Grade,
  /** The grade that counts, after taint. */
  effective_grade: Grade,
  inputs: DecisionInputs,
  checks: z.array(RiskCheck),
  calculation: z.string().max(4000),
}

/** The order as it was checked. Execution accepts nothing else, and nothing altered or expired. */
export const ApprovedOrder = z.object({
  venue: Venue,
  symbol: Symbol,
  side: Side,
  quantity: DecimalString,
  entry_price: DecimalString,
  stop_price_abs: DecimalString,
  target_price_abs: DecimalString,
  risk_amount: DecimalString,
  notional: DecimalString,
  leverage: z.number(),
  expires_at: Millis,
})
export type ApprovedOrder = z.infer<typeof ApprovedOrder>

export const SignalApproved = z.object({ ...decided, order: ApprovedOrder })
export type SignalApproved = z.infer<typeof SignalApproved>

export const SignalDenied = z.object({
  ...decided,
  /** The first failing check. */
  reason: DenialReason,
  /** All failing checks, in order of precedence. */
  reasons: z.array(DenialReason).min(1),
})
export type SignalDenied = z.infer<typeof SignalDenied>

export const SessionStatus = z.enum(['ACTIVE', 'PAUSED', 'STOPPED', 'LIQUIDATING'])
export type SessionStatus = z.infer<typeof SessionStatus>

export const SessionUpdated = z.object({
  account: Account,
  session_id: z.string(),
  at: Millis,
  status: SessionStatus,
  reason: z.string().nullable(),
  start_equity: DecimalString,
  equity: DecimalString,
  peak_equity: DecimalString,
  realized_pnl: DecimalString,
  drawdown_from_start_percent: z.number(),
  drawdown_from_peak_percent: z.number(),
  trades: z.int().min(0),
  wins: z.int().min(0),
  losses: z.int().min(0),
  consecutive_losses: z.int().min(0),
  risk_multiplier: z.number(),
  sizing_policy: z.enum(['fixed_fraction', 'house_money']),
})
export type SessionUpdated = z.infer<typeof SessionUpdated>

export const TradingStateChanged = z.object({
  account: Account,
  at: Millis,
  state: TradingState,
  previous: TradingState,
  reason: z.string().max(400),
  by: z.string().max(80),
})
export type TradingStateChanged = z.infer<typeof TradingStateChanged>

/** An operator's wish, on the tape so that it replays. Risk carries it out when it reads it back. */
export const RiskCommandReceived = z.object({
  account: Account,
  command_id: ReadableId,
  command: z.enum([
    'halt',
    'resume',
    'reduce',
    'flatten',
    'resume_session',
    'reset_breaker',
    'set_limits',
  ]),
  reason: z.string().max(400),
  by: z.string().max(80),
  limits: z.record(z.string(), z.union([z.number(), z.string()])).nullable(),
  breaker: z.string().max(40).nullable(),
})
export type RiskCommandReceived = z.infer<typeof RiskCommandReceived>

export const FlattenRequested = z.object({
  account: Account,
  at: Millis,
  reason: z.string().max(400),
})
export type FlattenRequested = z.infer<typeof FlattenRequested>

export const LimitsChanged = z.object({
  account: Account,
  at: Millis,
  version: z.int().min(1),
  limits: z.record(z.string(), z.union([z.number(), z.string()])),
  by: z.string().max(80),
})
export type LimitsChanged = z.infer<typeof LimitsChanged>
