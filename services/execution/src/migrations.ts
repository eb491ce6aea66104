import { type BaseTables, type Migrations, sql } from '@tapedeck/database'

/** An order as it stands, in the shape of its events. */
interface OrderTable {
  run_id: string
  client_order_id: string
  trade_id: string
  account: string
  venue: string
  symbol: string
  role: string
  status: string
  at: number
  payload: unknown
}

/** Written once, before the order is sent. */
interface IntentTable {
  run_id: string
  client_order_id: string
  trade_id: string
  at: number
  payload: unknown
}

interface FillTable {
  run_id: string
  fill_id: string
  client_order_id: string
  trade_id: string
  at: number
  payload: unknown
}

interface PositionTable {
  run_id: string
  account: string
  venue: string
  symbol: string
  side: string
  quantity: string
  average_price: string | null
  realized_pnl: string
  protected: boolean
  trade_id: string | null
  at: number
}

interface TradeTable {
  run_id: string
  trade_id: string
  account: string
  venue: string
  symbol: string
  status: string
  started_at: number
  at: number
  payload: unknown
}

/** What a live venue told, each once a run. */
interface VenueReportTable {
  run_id: string
  report_id: string
  client_order_id: string | null
  symbol: string
  report: string
  at: number
  payload: unknown
}

export interface Tables extends BaseTables {
  order: OrderTable
  intent: IntentTable
  fill: FillTable
  position: PositionTable
  trade: TradeTable
  venue_report: VenueReportTable
}

export const MIGRATIONS: Migrations = {
  '0001_orders_and_trades': {
    up: async (db) => {
      await sql`create table "order" (
        run_id uuid not null, client_order_id text not null, trade_id text not null, account text not null,
        venue text not null, symbol text not null, role text not null, status text not null,
        at bigint not null, payload jsonb not null, primary key (run_id, client_order_id))`.execute(
        db,
      )
      await sql`create table intent (
        run_id uuid not null, client_order_id text not null, trade_id text not null, at bigint not null,
        payload jsonb not null, primary key (run_id, client_order_id))`.execute(db)
      await sql`create table fill (
        run_id uuid not null, fill_id text not null, client_order_id text not null, trade_id text not null,
        at bigint not null, payload jsonb not null, primary key (run_id, fill_id))`.execute(db)
      await sql`create table position (
        run_id uuid not null, account text not null, venue text not null, symbol text not null,
        side text not null, quantity numeric not null, average_price numeric, realized_pnl numeric not null,
        protected boolean not null, trade_id text, at bigint not null,
        primary key (run_id, account, venue, symbol))`.execute(db)
      await sql`create table trade (
        run_id uuid not null, trade_id text not null, account text not null, venue text not null,
        symbol text not null, status text not null, started_at bigint not null, at bigint not null,
        payload jsonb not null, primary key (run_id, trade_id))`.execute(db)
    },
  },
  '0002_venue_reports': {
    up: async (db) => {
      await sql`create table venue_report (
        run_id uuid not null, report_id text not null, client_order_id text, symbol text not null,
        report text not null, at bigint not null, payload jsonb not null,
        primary key (run_id, report_id))`.execute(db)
    },
  },
}
