import { isType } from '@tapedeck/contracts'
import { type BaseTables, type Migrations, type Transaction, sql } from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'

interface ReviewTable {
  run_id: string
  review_id: string
  trade_id: string
  at: number
  payload: unknown
}

export interface Tables extends BaseTables {
  review: ReviewTable
}

export const MIGRATIONS: Migrations = {
  '0001_reviews': {
    up: async (db) => {
      await sql`create table review (
        run_id uuid not null, review_id text not null, trade_id text not null, at bigint not null,
        payload jsonb not null, primary key (run_id, review_id))`.execute(db)
    },
  },
}

/** Reviews as they are appended, in the outputs' transaction. */
export const projectOutputs = async (
  tx: Transaction<Tables>,
  outputs: readonly Sealed[],
): Promise<void> => {
  for (const { message } of outputs) {
    if (!isType(message, 'analyst.review.written')) continue
    const { review_id, trade_id, at } = message.payload
    const payload = JSON.stringify(message.payload)
    await tx
      .insertInto('review')
      .values({ run_id: message.run_id, review_id, trade_id, at, payload })
      .onConflict((on) => on.doNothing())
      .execute()
  }
}
