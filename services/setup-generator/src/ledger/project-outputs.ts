import { type Message, type MessageType, isType } from '@tapedeck/contracts'
import type { Insertable, Transaction } from '@tapedeck/database'
import type { Handled, Sealed } from '@tapedeck/runtime'
import { rowOf } from './setup-event-rows.ts'
import type { Tables } from './tables.ts'
import { type OnRefused, writeLabel } from './write-labels.ts'

/** Rows of one statement: Postgres takes 65,535 values, and a setup event has nearly fifty. */
const ROWS_MAX = 1_000

const ofType = <T extends MessageType>(
  items: readonly { readonly message: Message }[],
  type: T,
): Message<T>[] => items.flatMap(({ message }) => (isType(message, type) ? [message] : []))

const evaluationRow = ({
  run_id,
  event_id,
  payload,
}: Message<'setup.evaluated'>): Insertable<Tables['setup_evaluation_ledger']> => ({
  run_id,
  setup_id: payload.setup_id,
  event_id,
  at: payload.at,
  venue: payload.venue,
  symbol: payload.symbol,
  strategy: payload.strategy,
  side: payload.side,
  grade: payload.grade,
  score: payload.score,
  signalled: payload.signalled,
  reason: payload.reasons[0] ?? null,
  payload: JSON.stringify(payload),
})

const signalRow = ({
  run_id,
  event_id,
  payload,
}: Message<'setup.signal.generated'>): Insertable<Tables['signal_ledger']> => ({
  run_id,
  signal_id: payload.signal_id,
  setup_id: payload.setup_id,
  event_id,
  at: payload.at,
  venue: payload.venue,
  symbol: payload.symbol,
  payload: JSON.stringify(payload),
  setup_event_id: payload.setup_event_id,
  feature_schema_version: payload.feature_schema_version,
  strategy_template_version: payload.strategy_template_version,
  model_score: payload.model_score === null ? null : JSON.stringify(payload.model_score),
})

/** The other way of the link: the event knows the first signal that came of it. */
const linkSignal = async (
  tx: Transaction<Tables>,
  { run_id, payload }: Message<'setup.signal.generated'>,
): Promise<void> => {
  if (payload.setup_event_id === null) return
  await tx
    .updateTable('setup_event_ledger')
    .set({ signal_event_id: payload.signal_id })
    .where('run_id', '=', run_id)
    .where('setup_event_id', '=', payload.setup_event_id)
    .where('signal_event_id', 'is', null)
    .execute()
}

/**
 * Projects what was appended, and the labels that the reconciler decided. The same messages twice leave
 * the same rows. Events come before what refers to them.
 */
export const projectOutputs = async (
  tx: Transaction<Tables>,
  outputs: readonly Sealed[],
  inputs: readonly Handled[],
  onRefused: OnRefused,
): Promise<void> => {
  const insert = async <T extends keyof Tables>(
    table: T,
    rows: readonly Insertable<Tables[T]>[],
  ): Promise<void> => {
    for (let from = 0; from < rows.length; from += ROWS_MAX)
      await tx
        .insertInto(table)
        .values(rows.slice(from, from + ROWS_MAX))
        .onConflict((on) => on.doNothing())
        .execute()
  }
  const signals = ofType(outputs, 'setup.signal.generated')
  await insert('setup_evaluation_ledger', ofType(outputs, 'setup.evaluated').map(evaluationRow))
  await insert('setup_event_ledger', ofType(outputs, 'setup.event.recorded').map(rowOf))
  await insert('signal_ledger', signals.map(signalRow))
  for (const signal of signals) await linkSignal(tx, signal)
  for (const decided of ofType(inputs, 'reconciler.setup_outcome.decided'))
    await writeLabel(tx, decided, onRefused)
}
