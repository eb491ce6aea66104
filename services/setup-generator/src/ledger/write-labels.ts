import type { Message } from '@tapedeck/contracts'
import type { Transaction, Updateable } from '@tapedeck/database'
import type { SetupEventLedgerTable, Tables } from './tables.ts'

type Decided = Message<'reconciler.setup_outcome.decided'>
type Label = Updateable<SetupEventLedgerTable>

/** Why a label was not written. */
export type LabelRefusal = 'different' | 'unknown_event'

/** Is told of a label that the ledger did not take. */
export type OnRefused = (refusal: LabelRefusal, message: Decided, standing: string | null) => void

const labelOf = ({ event_id, payload }: Decided): Label => ({
  outcome: payload.outcome,
  outcome_ts: new Date(payload.outcome_ts),
  bars_to_outcome: payload.bars_to_outcome,
  mfe_pct: payload.mfe_pct,
  mae_pct: payload.mae_pct,
  r_achieved: payload.r_achieved,
  outcome_ambiguous: payload.ambiguous,
  outcome_resolved_with: payload.resolved_with,
  outcome_event_id: event_id,
})

const eventOf = (tx: Transaction<Tables>, { run_id, payload }: Decided) => ({
  run_id,
  setup_event_id: payload.setup_event_id,
  standing: () =>
    tx
      .selectFrom('setup_event_ledger')
      .select(['outcome', 'outcome_ts', 'r_achieved', 'outcome_event_id'])
      .where('run_id', '=', run_id)
      .where('setup_event_id', '=', payload.setup_event_id)
      .executeTakeFirst(),
})

/**
 * Writes the label of a break attempt, once. The same label again changes nothing; another one is refused
 * and told, because what was learned from the first must stay true.
 */
export const writeLabel = async (
  tx: Transaction<Tables>,
  message: Decided,
  onRefused: OnRefused,
): Promise<void> => {
  const event = eventOf(tx, message)
  const { numUpdatedRows } = await tx
    .updateTable('setup_event_ledger')
    .set(labelOf(message))
    .where('run_id', '=', event.run_id)
    .where('setup_event_id', '=', event.setup_event_id)
    .where('state', '=', 'break_attempt')
    .where('outcome', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) return
  const standing = await event.standing()
  if (standing === undefined) return onRefused('unknown_event', message, null)
  const { outcome, outcome_ts, r_achieved } = message.payload
  const isSame =
    standing.outcome === outcome &&
    standing.outcome_ts?.getTime() === outcome_ts &&
    standing.r_achieved === r_achieved
  if (!isSame) onRefused('different', message, standing.outcome)
}
