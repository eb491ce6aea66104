import { z } from 'zod'
import { Millis, ReadableId, Uuid } from '../values/scalars.ts'
import { ModelScore } from './model-score.ts'
import {
  SessionContext,
  SetupEventRecorded,
  SetupOutcome,
  SetupOutcomeDecided,
} from './setup-event.ts'

const { p_cont_1R, ...scores } = ModelScore.shape
const { session: _, feature_snapshot, p_cont_1R: __, ...recorded } = SetupEventRecorded.shape

/**
 * A setup event as its ledger holds it and REST tells it: the frozen event, flat, with what was learned
 * since. Times in ms; the label is null until it is decided, and never changes afterwards.
 */
export const SetupEventRecord = z.object({
  run_id: Uuid,
  /** Of the envelope that recorded it. */
  event_id: Uuid,
  ...recorded,
  ...SessionContext.shape,
  ...scores,
  p_cont_1r: p_cont_1R,
  outcome: SetupOutcome.nullable(),
  outcome_ts: Millis.nullable(),
  bars_to_outcome: z.int().min(1).nullable(),
  mfe_pct: z.number().min(0).nullable(),
  mae_pct: z.number().min(0).nullable(),
  r_achieved: z.number().nullable(),
  outcome_ambiguous: z.boolean().nullable(),
  outcome_resolved_with: SetupOutcomeDecided.shape.resolved_with.nullable(),
  /** The first signal that was linked to it. */
  signal_event_id: ReadableId.nullable(),
})
export type SetupEventRecord = z.infer<typeof SetupEventRecord>

/** With the frozen snapshot as the text that its hash was taken of. What an export reads. */
export const FrozenSetupEvent = SetupEventRecord.extend({
  /** Python's `json.dumps(snapshot, sort_keys=True)`; its SHA-256 is `feature_snapshot_hash`. */
  feature_snapshot_text: z.string(),
})
export type FrozenSetupEvent = z.infer<typeof FrozenSetupEvent>

/** A setup event with all that is known of it: its features, the other events of its chain, its signals. */
export const SetupEventDetail = FrozenSetupEvent.extend({
  feature_snapshot,
  chain: z.array(SetupEventRecord),
  /** Every signal that was linked to it, oldest first. */
  signals: z.array(
    z.object({ signal_id: ReadableId, setup_id: ReadableId, at: Millis, payload: z.unknown() }),
  ),
})
export type SetupEventDetail = z.infer<typeof SetupEventDetail>
