import { type Transaction, namedStatement } from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'
import { LedgerRows } from './ledger-rows.ts'
import type { Tables } from './migrations.ts'

/**
 * All six tables in one statement, so in one round trip: an order is not on its way before this is
 * committed. Each parameter is an array of rows as JSON, none with a key twice.
 */
const project = namedStatement<never>(
  'project_outputs',
  `with orders as (
    insert into "order" (run_id, client_order_id, trade_id, account, venue, symbol, role, status, at, payload)
    select run_id, client_order_id, trade_id, account, venue, symbol, role, status, at, payload
    from jsonb_to_recordset($1::jsonb) as r (run_id uuid, client_order_id text, trade_id text, account text,
      venue text, symbol text, role text, status text, at bigint, payload jsonb)
    on conflict (run_id, client_order_id)
      do update set status = excluded.status, at = excluded.at, payload = excluded.payload),
  intents as (
    insert into intent (run_id, client_order_id, trade_id, at, payload)
    select run_id, client_order_id, trade_id, at, payload
    from jsonb_to_recordset($2::jsonb) as r (run_id uuid, client_order_id text, trade_id text, at bigint,
      payload jsonb)
    on conflict do nothing),
  fills as (
    insert into fill (run_id, fill_id, client_order_id, trade_id, at, payload)
    select run_id, fill_id, client_order_id, trade_id, at, payload
    from jsonb_to_recordset($3::jsonb) as r (run_id uuid, fill_id text, client_order_id text, trade_id text,
      at bigint, payload jsonb)
    on conflict do nothing),
  trades as (
    insert into trade (run_id, trade_id, account, venue, symbol, status, started_at, at, payload)
    select run_id, trade_id, account, venue, symbol, status, started_at, at, payload
    from jsonb_to_recordset($4::jsonb) as r (run_id uuid, trade_id text, account text, venue text, symbol text,
      status text, started_at bigint, at bigint, payload jsonb)
    on conflict (run_id, trade_id)
      do update set status = excluded.status, at = excluded.at, payload = excluded.payload),
  reports as (
    insert into venue_report (run_id, report_id, client_order_id, symbol, report, at, payload)
    select run_id, report_id, client_order_id, symbol, report, at, payload
    from jsonb_to_recordset($6::jsonb) as r (run_id uuid, report_id text, client_order_id text, symbol text,
      report text, at bigint, payload jsonb)
    on conflict do nothing)
  insert into position (run_id, account, venue, symbol, side, quantity, average_price, realized_pnl,
    protected, trade_id, at)
  select run_id, account, venue, symbol, side, quantity, average_price, realized_pnl, protected, trade_id, at
  from jsonb_to_recordset($5::jsonb) as r (run_id uuid, account text, venue text, symbol text, side text,
    quantity numeric, average_price numeric, realized_pnl numeric, protected boolean, trade_id text, at bigint)
  on conflict (run_id, account, venue, symbol) do update set side = excluded.side,
    quantity = excluded.quantity, average_price = excluded.average_price,
    realized_pnl = excluded.realized_pnl, protected = excluded.protected,
    trade_id = excluded.trade_id, at = excluded.at`,
)

/** Orders, intents, fills, trades, positions and reports as the outputs leave them, in the outputs' transaction. */
export const projectOutputs = async (
  tx: Transaction<Tables>,
  outputs: readonly Sealed[],
): Promise<void> => {
  const tables = new LedgerRows(outputs.map(({ message }) => message)).tables()
  if (tables.every((rows) => rows.length === 0)) return
  await project(
    tx,
    tables.map((rows) => JSON.stringify(rows)),
  )
}
