import type { ParquetRow, ParquetValue } from '@tapedeck/columnar'
import {
  FeatureRecord,
  type FrozenSetupEvent,
  type SetupEventRecorded,
  type SetupOutcomeDecided,
} from '@tapedeck/contracts'
import { snapshotText } from '@tapedeck/core'
import { EVENT_COLUMNS } from './export-columns.ts'

/** What an export holds of an event: as the ledger tells it; outside a run there is no run. */
export type ExportedEvent = Omit<FrozenSetupEvent, 'run_id' | 'event_id'> & {
  readonly run_id: string | null
}

/** An event that was found offline, with its label once there is one. */
export const exportedEvent = (
  { session, feature_snapshot, p_cont_1R, ...event }: SetupEventRecorded,
  decided: SetupOutcomeDecided | null,
): ExportedEvent => ({
  run_id: null,
  ...event,
  ...session,
  p_cont_1r: p_cont_1R,
  outcome: decided?.outcome ?? null,
  outcome_ts: decided?.outcome_ts ?? null,
  bars_to_outcome: decided?.bars_to_outcome ?? null,
  mfe_pct: decided?.mfe_pct ?? null,
  mae_pct: decided?.mae_pct ?? null,
  r_achieved: decided?.r_achieved ?? null,
  outcome_ambiguous: decided?.ambiguous ?? null,
  outcome_resolved_with: decided?.resolved_with ?? null,
  signal_event_id: null,
  feature_snapshot_text: snapshotText(feature_snapshot),
})

/**
 * One row: the event, its features one column each, and the text with its hash. Throws when the text is
 * not a snapshot.
 */
export const exportRow = (event: ExportedEvent): ParquetRow => {
  const features = FeatureRecord.parse(JSON.parse(event.feature_snapshot_text))
  const told = event as unknown as Record<string, ParquetValue>
  return {
    ...Object.fromEntries(EVENT_COLUMNS.map(({ name }) => [name, told[name]!])),
    ...features,
    feature_snapshot: event.feature_snapshot_text,
    feature_snapshot_hash: event.feature_snapshot_hash,
  }
}
