import type { FrozenSetupEvent, Message, SetupEventRecord } from '@tapedeck/contracts'
import { snapshotText } from '@tapedeck/core'
import type { Insertable, Selectable } from '@tapedeck/database'
import type { SetupEventLedgerTable } from './tables.ts'

type Stored = Selectable<SetupEventLedgerTable>

/** A row as it is read for REST: the snapshot as text, not as JSON beside it. */
export type SetupEventRow = Omit<Stored, 'feature_snapshot' | 'outcome_event_id'>

/** The columns of such a row. */
export const LEDGER_COLUMNS = [
  'run_id',
  'setup_event_id',
  'setup_chain_id',
  'event_id',
  'state',
  'ts',
  'bar_open_time',
  'chain_started_at',
  'venue',
  'symbol',
  'timeframe',
  'engine_semver',
  'feature_schema_version',
  'strategy_template_version',
  'feature_snapshot_text',
  'feature_snapshot_hash',
  'compression_range_high',
  'compression_range_low',
  'compression_atr_at_detection',
  'session_type',
  'time_in_session_sin',
  'time_in_session_cos',
  'minutes_to_session_close',
  'is_weekend',
  'asset_class',
  'break_direction',
  'entry_price',
  'stop_price_abs',
  'target_price_abs',
  'model_quality_score',
  'p_cont_1r',
  'p_false_breakout',
  'p_atr_expand',
  'model_version',
  'calibration_bucket',
  'score_failure',
  'ttl_bars',
  'tainted',
  'outcome',
  'outcome_ts',
  'bars_to_outcome',
  'mfe_pct',
  'mae_pct',
  'r_achieved',
  'outcome_ambiguous',
  'outcome_resolved_with',
  'signal_event_id',
] as const satisfies readonly (keyof SetupEventRow)[]

/** The row of a recorded event: everything of it, frozen, and no label yet. */
export const rowOf = (
  message: Message<'setup.event.recorded'>,
): Insertable<SetupEventLedgerTable> => {
  const { session, feature_snapshot, p_cont_1R, ts, bar_open_time, chain_started_at, ...flat } =
    message.payload
  return {
    run_id: message.run_id,
    event_id: message.event_id,
    ...flat,
    ...session,
    p_cont_1r: p_cont_1R,
    ts: new Date(ts),
    bar_open_time: new Date(bar_open_time),
    chain_started_at: new Date(chain_started_at),
    feature_snapshot_text: snapshotText(feature_snapshot),
  }
}

/** NUMERIC comes as text; it was made of a float64 and is the same one again. */
const price = (text: string | null): number | null => (text === null ? null : Number(text))

/** A row as REST tells it, with the text that its hash was taken of. */
export const frozenOf = (row: SetupEventRow): FrozenSetupEvent => {
  return {
    ...row,
    ts: row.ts.getTime(),
    bar_open_time: row.bar_open_time.getTime(),
    chain_started_at: row.chain_started_at.getTime(),
    compression_range_high: price(row.compression_range_high),
    compression_range_low: price(row.compression_range_low),
    compression_atr_at_detection: price(row.compression_atr_at_detection),
    entry_price: price(row.entry_price),
    stop_price_abs: price(row.stop_price_abs),
    target_price_abs: price(row.target_price_abs),
    outcome_ts: row.outcome_ts?.getTime() ?? null,
  } as FrozenSetupEvent
}

/** A row for lists: without the snapshot. */
export const recordOf = (row: SetupEventRow): SetupEventRecord => {
  const { feature_snapshot_text: _, ...record } = frozenOf(row)
  return record
}
