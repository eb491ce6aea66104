import type { MessageType } from '@tapedeck/contracts'
import type { Transaction } from '@tapedeck/database'
import type { Handled } from '@tapedeck/runtime'
import type { Tables } from './migrations.ts'

/** Too many and too little each for a row of its own; the archive's files hold them. */
const IN_FILES_ONLY: ReadonlySet<MessageType> = new Set<MessageType>([
  'market.trades',
  'market.depth',
  'market.mark',
  'market.clock',
  'orderflow.measures',
])

/** Rows of one insert; Postgres takes at most 65,535 parameters a statement. */
const ROWS_MAX = 1_000

/** Keeps every domain event, in tape order, once. */
export const recordEvents = async (
  tx: Transaction<Tables>,
  inputs: readonly Handled[],
): Promise<void> => {
  const rows = inputs
    .filter(({ message }) => !IN_FILES_ONLY.has(message.type))
    .map(({ message, raw }) => {
      const { producer, payload, ...envelope } = message
      return Object.assign(envelope, {
        tape_seq: raw.seq,
        service: producer.service,
        producer: JSON.stringify(producer),
        payload: JSON.stringify(payload),
      })
    })
  for (let from = 0; from < rows.length; from += ROWS_MAX)
    await tx
      .insertInto('event')
      .values(rows.slice(from, from + ROWS_MAX))
      .onConflict((on) => on.column('event_id').doNothing())
      .execute()
}
