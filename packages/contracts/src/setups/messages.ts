import { z } from 'zod'
import {
  DecimalString,
  Grade,
  Millis,
  ReadableId,
  Side,
  Symbol,
  Uuid,
  Venue,
} from '../values/scalars.ts'
import { ModelScore } from './model-score.ts'
import { Semver, TemplateVersion } from './setup-event.ts'

const on = { venue: Venue, symbol: Symbol }

export const Strategy = z.enum(['trend_continuation', 'mean_reversion'])
export type Strategy = z.infer<typeof Strategy>

/** The five boxes, in the order in which they are checked. */
export const BOXES = ['BIAS', 'POI', 'ORDERFLOW', 'FOLLOWTHROUGH', 'MICRO'] as const
export const Box = z.enum(BOXES)
export type Box = z.infer<typeof Box>

/** Why an evaluation did not become a signal. A closed list: filters of the strategy, not of risk. */
export const NoSignalReason = z.enum([
  'INITIAL_BALANCE',
  'NO_BIAS',
  'BIAS_INVALIDATED',
  'MARKET_IN_BALANCE',
  'OUTSIDE_WINDOW',
  'NOT_STRETCHED',
  'NO_EXHAUSTION',
  'GRADE_INVALID',
  'FUNDING_CROWDED',
  'STOP_INVALID',
  'ALREADY_SIGNALLED',
  'POSITION_OR_ORDER_OPEN',
  'NOT_ENOUGH_DATA',
])
export type NoSignalReason = z.infer<typeof NoSignalReason>

/** One box with what was looked at: the sentence and the numbers behind it. */
export const BoxResult = z.object({
  box: Box,
  checked: z.boolean(),
  note: z.string().max(300),
  numbers: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
})
export type BoxResult = z.infer<typeof BoxResult>

/** An evaluation with three or more boxes, whether or not it became a signal. */
export const SetupEvaluated = z.object({
  ...on,
  setup_id: ReadableId,
  at: Millis,
  strategy: Strategy,
  side: Side,
  grade: Grade,
  boxes: z.array(BoxResult),
  score: z.int().min(0).max(5),
  price: DecimalString,
  poi: DecimalString.nullable(),
  signalled: z.boolean(),
  /** In order of precedence; empty when it was signalled. */
  reasons: z.array(NoSignalReason),
  features_event_id: z.string(),
})
export type SetupEvaluated = z.infer<typeof SetupEvaluated>

/** A setup worth trading, if risk agrees. Stop and target are fixed here and never drift. */
export const SignalGenerated = z.object({
  ...on,
  signal_id: ReadableId,
  setup_id: ReadableId,
  at: Millis,
  strategy: Strategy,
  side: Side,
  grade: Grade,
  score: z.int().min(0).max(5),
  entry_price: DecimalString,
  stop_price_abs: DecimalString,
  target_price_abs: DecimalString,
  stop_basis: z.string().max(120),
  rationale: z.string().max(2000),
  tainted: z.boolean(),
  /** What risk needs of the market to judge size and slippage, as it stood at the signal. */
  market: z.object({
    atr_15m: z.number().nullable(),
    volatility_state: z.enum(['low', 'normal', 'high', 'extreme']).nullable(),
    volume_5m_quote: z.number(),
    spread_percent: z.number().nullable(),
    depth_quote: z.number().nullable(),
    p_false_breakout: z.number().nullable(),
  }),
  /** The break attempt that preceded this signal; null outside a tracked setup. */
  setup_event_id: Uuid.nullable(),
  /** Of the features in force at the signal; null in what was recorded before there were any. */
  feature_schema_version: Semver.nullable(),
  /** The template in force at the signal. */
  strategy_template_version: TemplateVersion.nullable(),
  /** What the model said at the signal; null while no model speaks. */
  model_score: ModelScore.nullable(),
})
export type SignalGenerated = z.infer<typeof SignalGenerated>
