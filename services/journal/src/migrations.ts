import { type BaseTables, type Migrations, sql } from '@tapedeck/database'

/** One domain event as it lay on the tape. Market data is in the archive's files. */
interface EventTable {
  event_id: string
  tape_seq: number
  run_id: string
  type: string
  schema_version: number
  aggregate_type: string
  aggregate_id: string
  aggregate_version: number
  occurred_at: number
  recorded_at: number
  correlation_id: string | null
  causation_id: string | null
  service: string
  seq: number
  producer: unknown
  payload: unknown
}

/** A trade and how far it is. The position of the trade log has the trade's id. */
interface TradeTable {
  run_id: string
  trade_id: string
  account: string
  venue: string
  symbol: string
  setup_id: string
  strategy: string
  grade: string
  side: string
  status: string
  quantity: string
  entry_price: string | null
  exit_price: string | null
  exit_reason: string | null
  net_pnl: string | null
  r_multiple: number | null
  started_at: number
  closed_at: number | null
  payload: unknown
}

/** One leg of a position: what one order of it has filled. */
interface LegTable {
  run_id: string
  client_order_id: string
  trade_id: string
  role: string
  side: string
  status: string
  quantity: string
  filled_quantity: string
  average_price: string | null
  at: number
}

interface FillTable {
  run_id: string
  fill_id: string
  client_order_id: string
  trade_id: string
  side: string
  quantity: string
  price: string
  /** In `fee_asset`; null where it was written before there were others than the quote asset. */
  fee: string
  fee_asset: string | null
  /** In the quote asset; null where its value is not known, or as above. */
  fee_quote: string | null
  liquidity: string
  at: number
}

/** Deltas, never balances: what a trade made is the sum of its rows. */
interface PnlLedgerTable {
  run_id: string
  trade_id: string
  kind: string
  amount: string
  at: number
}

interface ArchiveSegmentTable {
  run_id: string
  first_seq: number
  last_seq: number
  messages: number
  bytes: number
  path: string
}

export interface Tables extends BaseTables {
  event: EventTable
  trade: TradeTable
  leg: LegTable
  fill: FillTable
  pnl_ledger: PnlLedgerTable
  archive_segment: ArchiveSegmentTable
}

export const MIGRATIONS: Migrations = {
  '0001_events': {
    up: async (db) => {
      await sql`create table event (
        event_id uuid primary key, tape_seq bigint not null, run_id uuid not null, type text not null,
        schema_version int not null, aggregate_type text not null, aggregate_id text not null,
        aggregate_version bigint not null, occurred_at bigint not null, recorded_at bigint not null,
        correlation_id text, causation_id uuid, service text not null, seq bigint not null,
        producer jsonb not null, payload jsonb not null)`.execute(db)
      await sql`create index event_correlation on event (correlation_id, tape_seq)`.execute(db)
      await sql`create index event_aggregate on event (aggregate_id, aggregate_version)`.execute(db)
      await sql`create index event_type_at on event (type, occurred_at)`.execute(db)
    },
  },
  '0002_trades': {
    up: async (db) => {
      await sql`create table trade (
        run_id uuid not null, trade_id text not null, account text not null, venue text not null,
        symbol text not null, setup_id text not null, strategy text not null, grade text not null,
        side text not null, status text not null, quantity numeric not null, entry_price numeric,
        exit_price numeric, exit_reason text, net_pnl numeric, r_multiple double precision,
        started_at bigint not null, closed_at bigint, payload jsonb not null,
        primary key (run_id, trade_id))`.execute(db)
      await sql`create index trade_at on trade (started_at, trade_id)`.execute(db)
      await sql`create table leg (
        run_id uuid not null, client_order_id text not null, trade_id text not null, role text not null,
        side text not null, status text not null, quantity numeric not null,
        filled_quantity numeric not null, average_price numeric, at bigint not null,
        primary key (run_id, client_order_id))`.execute(db)
      await sql`create table fill (
        run_id uuid not null, fill_id text not null, client_order_id text not null, trade_id text not null,
        side text not null, quantity numeric not null, price numeric not null, fee numeric not null,
        liquidity text not null, at bigint not null, primary key (run_id, fill_id))`.execute(db)
      await sql`create table pnl_ledger (
        run_id uuid not null, trade_id text not null, kind text not null, amount numeric not null,
        at bigint not null, primary key (run_id, trade_id, kind))`.execute(db)
    },
  },
  '0003_archive': {
    up: async (db) => {
      await sql`create table archive_segment (
        run_id uuid not null, first_seq bigint not null, last_seq bigint not null,
        messages bigint not null, bytes bigint not null, path text not null,
        primary key (run_id, first_seq))`.execute(db)
    },
  },
  '0004_fee_assets': {
    up: async (db) => {
      await sql`alter table fill add column fee_asset text, add column fee_quote numeric`.execute(
        db,
      )
    },
  },
}
