import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Migrations by name; they run in the order of their names and are never changed once released. */
export type Migrations = Readonly<
  Record<string, { readonly up: (db: Parameters<Migration['up']>[0]) => Promise<unknown> }>
>

const run = async (db: Kysely<unknown>, statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

// One row, rewritten all day: room on its page for updates in place, and vacuum by count, not by share.
const HOT_ROW = `with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 10000)`

const CHECKPOINTS = [
  `create table checkpoint (
    singleton boolean primary key default true check (singleton),
    tape_seq bigint not null check (tape_seq >= 0),
    next_seq bigint not null check (next_seq >= 1),
    run_id uuid,
    encoding text not null check (encoding in ('json', 'json+zstd')),
    state bytea,
    updated_at timestamptz not null default now()) ${HOT_ROW}`,
  // The state is compressed already where that pays; Postgres' own compression takes five times as long.
  'alter table checkpoint alter column state set storage external',
  `insert into checkpoint (tape_seq, next_seq, encoding) values (0, 1, 'json')`,
  `create table checkpoint_history (
    tape_seq bigint primary key,
    next_seq bigint not null,
    run_id uuid,
    encoding text not null,
    state bytea,
    kept_at timestamptz not null default now())`,
  'alter table checkpoint_history alter column state set storage external',
]

const OUTBOX = [
  `create table outbox (
    seq bigint primary key check (seq >= 1),
    type text not null,
    subject text not null,
    event_id uuid not null unique,
    bytes bytea not null,
    traceparent text,
    created_at timestamptz not null default now(),
    tape_seq bigint)`,
  'create index outbox_unpublished on outbox (seq) where tape_seq is null',
]

const LEASES = [
  `create table lease (
    name text primary key,
    holder text,
    epoch bigint not null check (epoch >= 1),
    expires_at timestamptz not null) ${HOT_ROW.replace(/,\s+toast[^)]*/, '')}`,
]

const IDEMPOTENCY = [
  `create table idempotency (
    principal text not null,
    route text not null,
    key text not null,
    fingerprint text not null,
    state text not null check (state in ('running', 'done')),
    attempt bigint not null check (attempt >= 1),
    locked_until timestamptz not null,
    status integer,
    headers jsonb,
    body bytea,
    expires_at timestamptz not null,
    primary key (principal, route, key),
    check (state = 'running' or (status is not null and headers is not null and body is not null)))`,
  'create index idempotency_expiry on idempotency (expires_at)',
]

/**
 * The tables that every service has (`BaseTables`). Run before the service's own migrations, in the
 * same transaction.
 */
export const baseMigrations: Migrations = {
  '0001-shell': {
    up: (db) =>
      run(db, [
        'alter default privileges revoke execute on functions from public',
        ...CHECKPOINTS,
        ...OUTBOX,
        ...LEASES,
        ...IDEMPOTENCY,
      ]),
  },
}
