import { isType } from '@tapedeck/contracts'
import { type BaseTables, type Migrations, type Transaction, sql } from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'

interface RunTable {
  run_id: string
  run_number: number
  account: string
  at: number
  clean: boolean
  payload: unknown
}

interface FindingTable {
  event_id: string
  run_id: string
  finding_id: string
  account: string
  at: number
  kind: string
  payload: unknown
}

export interface Tables extends BaseTables {
  run: RunTable
  finding: FindingTable
}

export const MIGRATIONS: Migrations = {
  '0001_runs_and_findings': {
    up: async (db) => {
      await sql`create table run (
        run_id uuid not null, run_number bigint not null, account text not null, at bigint not null,
        clean boolean not null, payload jsonb not null, primary key (run_id, account, run_number))`.execute(
        db,
      )
      await sql`create table finding (
        event_id uuid primary key, run_id uuid not null, finding_id text not null, account text not null,
        at bigint not null, kind text not null, payload jsonb not null)`.execute(db)
    },
  },
}

/** Runs and findings as they are appended, in the outputs' transaction. */
export const projectOutputs = async (
  tx: Transaction<Tables>,
  outputs: readonly Sealed[],
): Promise<void> => {
  for (const { message } of outputs) {
    const { run_id, event_id } = message
    if (isType(message, 'reconciler.run.completed')) {
      const { account, run_number, at, clean } = message.payload
      const payload = JSON.stringify(message.payload)
      await tx
        .insertInto('run')
        .values({ run_id, run_number, account, at, clean, payload })
        .onConflict((on) => on.doNothing())
        .execute()
    } else if (isType(message, 'reconciler.finding.detected')) {
      const { account, finding_id, at, kind } = message.payload
      const payload = JSON.stringify(message.payload)
      await tx
        .insertInto('finding')
        .values({ event_id, run_id, finding_id, account, at, kind, payload })
        .onConflict((on) => on.doNothing())
        .execute()
    }
  }
}
