import type { ParquetColumn } from '@tapedeck/columnar'
import { FEATURE_SCHEMA_VERSION, fieldsOfVersion, type FeatureType } from '@tapedeck/core'

const text = (name: string): ParquetColumn => ({ name, type: 'string', required: true })
const maybeText = (name: string): ParquetColumn => ({ name, type: 'string' })
const time = (name: string): ParquetColumn => ({ name, type: 'timestamp_ms', required: true })
const float = (name: string): ParquetColumn => ({ name, type: 'float64' })
const flag = (name: string): ParquetColumn => ({ name, type: 'bool', required: true })

/** What is recorded of an event beside its features: names as in the ledger. */
export const EVENT_COLUMNS: readonly ParquetColumn[] = [
  text('setup_event_id'),
  text('setup_chain_id'),
  maybeText('run_id'),
  text('state'),
  time('ts'),
  time('bar_open_time'),
  time('chain_started_at'),
  text('venue'),
  text('symbol'),
  text('timeframe'),
  text('engine_semver'),
  text('feature_schema_version'),
  maybeText('strategy_template_version'),
  text('session_type'),
  { ...float('time_in_session_sin'), required: true },
  { ...float('time_in_session_cos'), required: true },
  float('minutes_to_session_close'),
  flag('is_weekend'),
  text('asset_class'),
  float('compression_range_high'),
  float('compression_range_low'),
  float('compression_atr_at_detection'),
  maybeText('break_direction'),
  float('entry_price'),
  float('stop_price_abs'),
  float('target_price_abs'),
  float('model_quality_score'),
  float('p_cont_1r'),
  float('p_false_breakout'),
  float('p_atr_expand'),
  maybeText('model_version'),
  maybeText('calibration_bucket'),
  maybeText('score_failure'),
  { name: 'ttl_bars', type: 'int32', required: true },
  flag('tainted'),
  maybeText('outcome'),
  { name: 'outcome_ts', type: 'timestamp_ms' },
  { name: 'bars_to_outcome', type: 'int32' },
  float('mfe_pct'),
  float('mae_pct'),
  float('r_achieved'),
  { name: 'outcome_ambiguous', type: 'bool' },
  maybeText('outcome_resolved_with'),
  maybeText('signal_event_id'),
]

/** The frozen snapshot as the text that its hash is of. */
const PROOF_COLUMNS: readonly ParquetColumn[] = [
  text('feature_snapshot'),
  text('feature_snapshot_hash'),
]

const TYPES = {
  float: 'float64',
  int: 'int32',
  bool: 'bool',
  string: 'string',
} as const satisfies Record<FeatureType, ParquetColumn['type']>

/** The features of a schema version, one column each, described. */
const featureColumns = (version: string): ParquetColumn[] =>
  fieldsOfVersion(version).map(({ name, type, unit, since, meaning, formula }) => ({
    name,
    type: TYPES[type],
    about: { meaning, unit, formula, since },
  }))

/** All columns of an export of one feature schema version. */
export const exportColumns = (version: string = FEATURE_SCHEMA_VERSION): ParquetColumn[] => [
  ...EVENT_COLUMNS,
  ...featureColumns(version),
  ...PROOF_COLUMNS,
]
