import { isType } from '@tapedeck/contracts'
import { type BaseTables, type Migrations, type Transaction, sql } from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'

/** Profiles as they stood at each 15 s close: what POC and value area were when a setup was judged. */
interface ProfileTable {
  run_id: string
  venue: string
  symbol: string
  at: number
  session_id: string
  poc_ticks: number
  vah_ticks: number
  val_ticks: number
  volume_lots: number
}

/** Absorption, traps and divergences, one row each. */
interface DetectionTable {
  event_id: string
  run_id: string
  venue: string
  symbol: string
  at: number
  kind: string
  payload: string
}

export interface Tables extends BaseTables {
  profile: ProfileTable
  detection: DetectionTable
}

export const MIGRATIONS: Migrations = {
  '0001_profiles_and_detections': {
    up: async (db) => {
      await sql`create table profile (
        run_id uuid not null, venue text not null, symbol text not null, at bigint not null,
        session_id text not null, poc_ticks bigint not null, vah_ticks bigint not null,
        val_ticks bigint not null, volume_lots bigint not null,
        primary key (run_id, venue, symbol, at))`.execute(db)
      await sql`create table detection (
        event_id uuid primary key, run_id uuid not null, venue text not null, symbol text not null,
        at bigint not null, kind text not null, payload jsonb not null)`.execute(db)
      await sql`create index detection_at on detection (venue, symbol, at)`.execute(db)
    },
  },
}

const profilesOf = (outputs: readonly Sealed[]): ProfileTable[] =>
  outputs.flatMap(({ message }) => {
    if (!isType(message, 'orderflow.features') || message.payload.profile_session === null)
      return []
    const { venue, symbol, at, session_id, profile_session } = message.payload
    return [{ run_id: message.run_id, venue, symbol, at, session_id, ...profile_session }]
  })

const detectionsOf = (outputs: readonly Sealed[]): DetectionTable[] =>
  outputs.flatMap(({ message }) => {
    if (message.type === 'orderflow.features' || message.type === 'orderflow.measures') return []
    const { venue, symbol } = message.payload as { venue: string; symbol: string }
    return [
      {
        event_id: message.event_id,
        run_id: message.run_id,
        venue,
        symbol,
        at: message.occurred_at,
        kind: message.type.slice('orderflow.'.length),
        payload: JSON.stringify(message.payload),
      },
    ]
  })

/** Projects what was appended; the same outputs twice leave the same rows. */
export const projectOutputs = async (
  tx: Transaction<Tables>,
  outputs: readonly Sealed[],
): Promise<void> => {
  const profiles = profilesOf(outputs)
  if (profiles.length > 0)
    await tx
      .insertInto('profile')
      .values(profiles)
      .onConflict((on) => on.doNothing())
      .execute()
  const detections = detectionsOf(outputs)
  if (detections.length > 0)
    await tx
      .insertInto('detection')
      .values(detections)
      .onConflict((on) => on.doNothing())
      .execute()
}
