import type { BaseTables, ColumnType } from '@tapedeck/database'

/** Written once; the database refuses another value. */
type Frozen<T> = ColumnType<T, T, never>
/** NUMERIC without a scale holds the shortest digits of a float64, so the number comes back bit for bit. */
type Price = ColumnType<string | null, number | null, never>
type Time = ColumnType<Date, Date, never>
/** Null until it is known, then never changed: the database refuses. */
type Once<T> = ColumnType<T | null, undefined, T>

/** Every evaluation with three or more boxes, whether it became a signal or not. */
interface SetupEvaluationLedgerTable {
  run_id: string
  setup_id: string
  event_id: string
  at: number
  venue: string
  symbol: string
  strategy: string
  side: string
  grade: string
  score: number
  signalled: boolean
  /** First reason why it did not become a signal; null when it did. */
  reason: string | null
  payload: unknown
}

export interface SignalLedgerTable {
  run_id: string
  signal_id: string
  setup_id: string
  event_id: string
  at: number
  venue: string
  symbol: string
  payload: unknown
  setup_event_id: string | null
  feature_schema_version: string | null
  strategy_template_version: string | null
  model_score: unknown
}

/** One row a state transition of a setup (S0 step 7). What was frozen stays; the label comes once. */
export interface SetupEventLedgerTable {
  run_id: Frozen<string>
  setup_event_id: Frozen<string>
  setup_chain_id: Frozen<string>
  /** Of the envelope. */
  event_id: Frozen<string>
  state: Frozen<string>
  ts: Time
  bar_open_time: Time
  chain_started_at: Time
  venue: Frozen<string>
  symbol: Frozen<string>
  timeframe: Frozen<string>
  engine_semver: Frozen<string>
  feature_schema_version: Frozen<string>
  strategy_template_version: Frozen<string | null>
  /** Derived from the text by the database, for queries. */
  feature_snapshot: ColumnType<Record<string, unknown>, never, never>
  /** What the hash was taken of: the text of Python's `json.dumps(snapshot, sort_keys=True)`. */
  feature_snapshot_text: Frozen<string>
  feature_snapshot_hash: Frozen<string>
  compression_range_high: Price
  compression_range_low: Price
  compression_atr_at_detection: Price
  session_type: Frozen<string>
  time_in_session_sin: Frozen<number>
  time_in_session_cos: Frozen<number>
  minutes_to_session_close: Frozen<number | null>
  is_weekend: Frozen<boolean>
  asset_class: Frozen<string>
  break_direction: Frozen<string | null>
  entry_price: Price
  stop_price_abs: Price
  target_price_abs: Price
  model_quality_score: Frozen<number | null>
  p_cont_1r: Frozen<number | null>
  p_false_breakout: Frozen<number | null>
  p_atr_expand: Frozen<number | null>
  model_version: Frozen<string | null>
  calibration_bucket: Frozen<string | null>
  score_failure: Frozen<string | null>
  ttl_bars: Frozen<number>
  tainted: Frozen<boolean>
  outcome: Once<string>
  outcome_ts: Once<Date>
  bars_to_outcome: Once<number>
  mfe_pct: Once<number>
  mae_pct: Once<number>
  r_achieved: Once<number>
  outcome_ambiguous: Once<boolean>
  outcome_resolved_with: Once<string>
  /** Of the envelope that decided it. */
  outcome_event_id: Once<string>
  /** The first signal that was linked to it. */
  signal_event_id: Once<string>
}

export interface Tables extends BaseTables {
  setup_evaluation_ledger: SetupEvaluationLedgerTable
  setup_event_ledger: SetupEventLedgerTable
  signal_ledger: SignalLedgerTable
}
