import { z } from 'zod'
import { Millis, Symbol, Timeframe, Uuid, Venue } from '../values/scalars.ts'
import { ModelScore, ScoreFailure } from './model-score.ts'

const on = { venue: Venue, symbol: Symbol, timeframe: Timeframe }

/** A version as `major.minor.patch`. */
export const Semver = z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, 'expected e.g. 1.2.0')

/** Name of a strategy template, e.g. `compression_breakout_v1`. */
export const TemplateVersion = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)

/** The states of a setup, in the order of its life. The generator records the first two (S0 step 2). */
export const SETUP_STATES = [
  'compression_candidate',
  'break_attempt',
  'confirmed',
  'failed',
  'ttl_expired',
] as const
export const SetupState = z.enum(SETUP_STATES)
export type SetupState = z.infer<typeof SetupState>

/** Which liquidity window of the UTC day an instant lies in. */
export const SessionType = z.enum([
  'crypto_asia',
  'crypto_london',
  'crypto_us',
  'crypto_close',
  'crypto_utc_day',
  'nyse_rth',
  'nyse_pm',
  'nyse_ah',
])
export type SessionType = z.infer<typeof SessionType>

/** Time of day and kind of market, for models that are conditioned on them. */
export const SessionContext = z.object({
  session_type: SessionType,
  /** Sine and cosine of the elapsed share of the session, as an angle. */
  time_in_session_sin: z.number().min(-1).max(1),
  time_in_session_cos: z.number().min(-1).max(1),
  minutes_to_session_close: z.number().min(0).nullable(),
  is_weekend: z.boolean(),
  asset_class: z.enum(['crypto', 'equity', 'fx']),
})
export type SessionContext = z.infer<typeof SessionContext>

/** Values of a frozen snapshot. Unknown is null; a number is always finite. */
export const FeatureValue = z.union([z.number(), z.boolean(), z.string().max(64), z.null()])
export const FeatureRecord = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,47}$/), FeatureValue)
export type FeatureRecord = z.infer<typeof FeatureRecord>

/** Which way a range was left. */
export const BreakDirection = z.enum(['up', 'down'])
export type BreakDirection = z.infer<typeof BreakDirection>

/**
 * A state transition of a setup with everything that was known at that moment, frozen (S0 step 2). A
 * research observation: it carries no size. Prices are in quote units, float64.
 */
export const SetupEventRecorded = z.object({
  ...on,
  /** Derived from the chain and the state: the same bars give the same id, wherever they are seen. */
  setup_event_id: Uuid,
  /** Shared by all transitions of one setup; derived from instrument, timeframe, start and versions. */
  setup_chain_id: Uuid,
  state: SetupState,
  engine_semver: Semver,
  feature_schema_version: Semver,
  strategy_template_version: TemplateVersion.nullable(),
  /** Close of the bar on which the transition was seen. */
  ts: Millis,
  /** Open of that bar. */
  bar_open_time: Millis,
  /** `ts` of the compression candidate that began the chain. */
  chain_started_at: Millis,
  session: SessionContext,
  feature_snapshot: FeatureRecord,
  /** SHA-256 of the snapshot in the text of Python's `json.dumps(snapshot, sort_keys=True)`. */
  feature_snapshot_hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Locked when the compression was seen, inherited by what follows. */
  compression_range_high: z.number().nullable(),
  compression_range_low: z.number().nullable(),
  compression_atr_at_detection: z.number().nullable(),
  /** Known from the break attempt on, null before: direction, entry, and what decides the outcome. */
  break_direction: BreakDirection.nullable(),
  entry_price: z.number().nullable(),
  stop_price_abs: z.number().nullable(),
  target_price_abs: z.number().nullable(),
  ...ModelScore.shape,
  /** Null when the scorer answered (or none is configured). */
  score_failure: ScoreFailure.nullable(),
  /** Bars from the break attempt after which the outcome is `ttl_expired`. */
  ttl_bars: z.int().min(1).max(10_000),
  /** Trades are known to be missing in a bar that the range was measured on, or in this one. */
  tainted: z.boolean(),
})
export type SetupEventRecorded = z.infer<typeof SetupEventRecorded>

/** How a break attempt ended. A closed list: the training label. */
export const SetupOutcome = z.enum(['hit_1r', 'hit_stop', 'ttl_expired'])
export type SetupOutcome = z.infer<typeof SetupOutcome>

/** The label of a break attempt, decided once and never changed (S0 step 8). */
export const SetupOutcomeDecided = z.object({
  ...on,
  setup_event_id: Uuid,
  setup_chain_id: Uuid,
  outcome: SetupOutcome,
  /** Close of the bar that decided, or of the finer bar or trade when those had to. */
  outcome_ts: Millis,
  /** Bars of the setup's timeframe after the break attempt, the deciding one included. */
  bars_to_outcome: z.int().min(1),
  break_direction: BreakDirection,
  entry_price: z.number(),
  stop_price_abs: z.number(),
  target_price_abs: z.number(),
  /** Best and worst price seen up to the outcome, as percent of entry. Both 0 or more. */
  mfe_pct: z.number().min(0),
  mae_pct: z.number().min(0),
  /** (outcome price - entry) / (entry - stop): 1 at the target, -1 at the stop. */
  r_achieved: z.number(),
  /** One bar touched target and stop and nothing finer could tell which came first. */
  ambiguous: z.boolean(),
  resolved_with: z.enum(['bars', 'lower_timeframe', 'trades']),
})
export type SetupOutcomeDecided = z.infer<typeof SetupOutcomeDecided>
