import { type Message, isType } from '@tapedeck/contracts'
import { type BaseTables, type Migrations, type Transaction, sql } from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'

/** Every decision with all that it was made from. Never changed once written. */
interface DecisionTable {
  run_id: string
  decision_id: string
  event_id: string
  at: number
  account: string
  venue: string
  symbol: string
  signal_id: string
  setup_id: string
  approved: boolean
  /** The first failing check; null when it was approved. */
  reason: string | null
  payload: unknown
}

/** The session guard after its last change. */
interface SessionTable {
  run_id: string
  account: string
  session_id: string
  at: number
  payload: unknown
}

/** The limits in force, versioned. */
interface LimitsTable {
  run_id: string
  account: string
  version: number
  at: number
  payload: unknown
}

export interface Tables extends BaseTables {
  decision: DecisionTable
  session: SessionTable
  limits: LimitsTable
}

export const MIGRATIONS: Migrations = {
  '0001_decisions_sessions_limits': {
    up: async (db) => {
      await sql`create table decision (
        run_id uuid not null, decision_id text not null, event_id uuid not null, at bigint not null,
        account text not null, venue text not null, symbol text not null, signal_id text not null,
        setup_id text not null, approved boolean not null, reason text, payload jsonb not null,
        primary key (run_id, decision_id))`.execute(db)
      await sql`create index decision_at on decision (at, decision_id)`.execute(db)
      await sql`create table session (
        run_id uuid not null, account text not null, session_id text not null, at bigint not null,
        payload jsonb not null, primary key (run_id, account, session_id))`.execute(db)
      await sql`create table limits (
        run_id uuid not null, account text not null, version bigint not null, at bigint not null,
        payload jsonb not null, primary key (run_id, account, version))`.execute(db)
    },
  },
}

const decisionOf = (message: Message): DecisionTable[] => {
  if (!isType(message, 'risk.signal.approved') && !isType(message, 'risk.signal.denied')) return []
  const { payload } = message
  return [
    {
      run_id: message.run_id,
      decision_id: payload.decision_id,
      event_id: message.event_id,
      at: payload.at,
      account: payload.account,
      venue: payload.venue,
      symbol: payload.symbol,
      signal_id: payload.signal_id,
      setup_id: payload.setup_id,
      approved: message.type === 'risk.signal.approved',
      reason: 'reason' in payload ? payload.reason : null,
      payload: JSON.stringify(payload),
    },
  ]
}

/** The last state of each session that these outputs changed. */
const sessionsOf = (outputs: readonly Sealed[]): SessionTable[] => {
  const last = new Map<string, SessionTable>()
  for (const { message } of outputs)
    if (isType(message, 'risk.session.updated')) {
      const { account, session_id, at } = message.payload
      const row = {
        run_id: message.run_id,
        account,
        session_id,
        at,
        payload: JSON.stringify(message.payload),
      }
      last.set(`${message.run_id}|${account}|${session_id}`, row)
    }
  return [...last.values()]
}

const limitsOf = (message: Message): LimitsTable[] =>
  isType(message, 'risk.limits.changed')
    ? [
        {
          run_id: message.run_id,
          account: message.payload.account,
          version: message.payload.version,
          at: message.payload.at,
          payload: JSON.stringify(message.payload),
        },
      ]
    : []

/** Projects what was appended; the same outputs twice leave the same rows. */
export const projectOutputs = async (
  tx: Transaction<Tables>,
  outputs: readonly Sealed[],
): Promise<void> => {
  const decisions = outputs.flatMap(({ message }) => decisionOf(message))
  if (decisions.length > 0)
    await tx
      .insertInto('decision')
      .values(decisions)
      .onConflict((on) => on.doNothing())
      .execute()
  const sessions = sessionsOf(outputs)
  if (sessions.length > 0)
    await tx
      .insertInto('session')
      .values(sessions)
      .onConflict((on) =>
        on.columns(['run_id', 'account', 'session_id']).doUpdateSet((set) => ({
          at: set.ref('excluded.at'),
          payload: set.ref('excluded.payload'),
        })),
      )
      .execute()
  const limits = outputs.flatMap(({ message }) => limitsOf(message))
  if (limits.length > 0)
    await tx
      .insertInto('limits')
      .values(limits)
      .onConflict((on) => on.doNothing())
      .execute()
}
