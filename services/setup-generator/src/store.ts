import { isType } from '@tapedeck/contracts'
import { type BaseTables, type Migrations, type Transaction, sql } from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'

/** Every evaluation with three or more boxes, whether it became a signal or not. */
interface SetupEventLedgerTable {
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

interface SignalLedgerTable {
  run_id: string
  signal_id: string
  setup_id: string
  event_id: string
  at: number
  venue: string
  symbol: string
  payload: unknown
}

export interface Tables extends BaseTables {
  setup_event_ledger: SetupEventLedgerTable
  signal_ledger: SignalLedgerTable
}

export const MIGRATIONS: Migrations = {
  '0001_ledgers': {
    up: async (db) => {
      await sql`create table setup_event_ledger (
        run_id uuid not null, setup_id text not null, event_id uuid not null, at bigint not null,
        venue text not null, symbol text not null, strategy text not null, side text not null,
        grade text not null, score int not null, signalled boolean not null, reason text,
        payload jsonb not null, primary key (run_id, setup_id))`.execute(db)
      await sql`create index setup_event_ledger_at on setup_event_ledger (at, setup_id)`.execute(db)
      await sql`create table signal_ledger (
        run_id uuid not null, signal_id text not null, setup_id text not null, event_id uuid not null,
        at bigint not null, venue text not null, symbol text not null, payload jsonb not null,
        primary key (run_id, signal_id))`.execute(db)
    },
  },
}

const setupsOf = (outputs: readonly Sealed[]): SetupEventLedgerTable[] =>
  outputs.flatMap(({ message }) => {
    if (!isType(message, 'setup.evaluated')) return []
    const { payload } = message
    return [
      {
        run_id: message.run_id,
        setup_id: payload.setup_id,
        event_id: message.event_id,
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
      },
    ]
  })

const signalsOf = (outputs: readonly Sealed[]): SignalLedgerTable[] =>
  outputs.flatMap(({ message }) => {
    if (!isType(message, 'setup.signal.generated')) return []
    const { signal_id, setup_id, at, venue, symbol } = message.payload
    return [
      {
        run_id: message.run_id,
        signal_id,
        setup_id,
        event_id: message.event_id,
        at,
        venue,
        symbol,
        payload: JSON.stringify(message.payload),
      },
    ]
  })

/** Projects what was appended; the same outputs twice leave the same rows. */
export const projectOutputs = async (
  tx: Transaction<Tables>,
  outputs: readonly Sealed[],
): Promise<void> => {
  const setups = setupsOf(outputs)
  if (setups.length > 0)
    await tx
      .insertInto('setup_event_ledger')
      .values(setups)
      .onConflict((on) => on.doNothing())
      .execute()
  const signals = signalsOf(outputs)
  if (signals.length > 0)
    await tx
      .insertInto('signal_ledger')
      .values(signals)
      .onConflict((on) => on.doNothing())
      .execute()
}
