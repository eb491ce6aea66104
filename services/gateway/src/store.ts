import { type BaseTables, type Migrations, sql } from '@tapedeck/database'
import type { Role } from '@tapedeck/runtime'

/** A key as it is kept: who may what until when, and a keyed hash. The key itself is nowhere. */
export interface ApiKeyTable {
  key_id: string
  hash: string
  /** Tells which pepper the hash was made with; a key of another pepper can never match. */
  pepper_id: string
  role: Role
  name: string
  created_at: number
  /** Principal that made it; `first-start` for the first one. */
  created_by: string
  expires_at: number | null
  revoked_at: number | null
  /** To the minute; may be behind. */
  last_used_at: number | null
}

/** A small document of a person or a program, e.g. the layout of a page. */
interface PreferenceTable {
  principal: string
  key: string
  version: number
  /** JSON text: jsonb refuses the character NUL, which JSON allows. */
  value: string
  updated_at: number
}

export interface Tables extends BaseTables {
  api_key: ApiKeyTable
  preference: PreferenceTable
}

export const MIGRATIONS: Migrations = {
  '0001_keys_and_preferences': {
    up: async (db) => {
      await sql`create table api_key (
        key_id text primary key, hash text not null, pepper_id text not null,
        role text not null check (role in ('viewer', 'trader', 'operator', 'admin')),
        name text not null, created_at bigint not null, created_by text not null,
        expires_at bigint, revoked_at bigint, last_used_at bigint)`.execute(db)
      await sql`create index api_key_created on api_key (created_at, key_id)`.execute(db)
      await sql`create table preference (
        principal text not null, key text not null, version bigint not null check (version >= 1),
        value text not null check (octet_length(value) <= 16384), updated_at bigint not null,
        primary key (principal, key))`.execute(db)
    },
  },
}
