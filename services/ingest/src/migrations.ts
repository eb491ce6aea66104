import { type BaseTables, type Migrations, sql } from '@tapedeck/database'

/** Public prints, partitioned by UTC day. Exactly once: a row is stored with the mark that passed it. */
interface TradeTable {
  run_id: string
  venue: string
  symbol: string
  id: number
  price: string
  quantity: string
  time: number
  is_buyer_maker: boolean
  excluded: boolean
}

interface BarTable {
  run_id: string
  venue: string
  symbol: string
  timeframe: string
  open_time: number
  payload: unknown
}

export interface Tables extends BaseTables {
  trade: TradeTable
  bar: BarTable
}

export const MIGRATIONS: Migrations = {
  '0001_trades_and_bars': {
    up: async (db) => {
      await sql`create table trade (
        run_id uuid not null, venue text not null, symbol text not null, id bigint not null,
        price numeric not null, quantity numeric not null, time bigint not null,
        is_buyer_maker boolean not null, excluded boolean not null) partition by range (time)`.execute(
        db,
      )
      // Rows come in order of time, so a block range index finds them and costs the COPY next to nothing.
      await sql`create index trade_time on trade using brin (time)`.execute(db)
      await sql`create table bar (
        run_id uuid not null, venue text not null, symbol text not null, timeframe text not null,
        open_time bigint not null, payload jsonb not null,
        primary key (run_id, venue, symbol, timeframe, open_time))`.execute(db)
      await sql`create index bar_latest on bar (venue, symbol, timeframe, open_time)`.execute(db)
    },
  },
}
