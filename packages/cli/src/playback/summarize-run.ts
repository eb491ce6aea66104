import { type Database, sql } from '@tapedeck/database'

/** What became of a run, as the journal recorded it. */
export interface RunSummary {
  /** How often each type of event was recorded. */
  readonly events: Readonly<Record<string, number>>
  /** Of the market, as ingest counted it at the end of the run; null while it runs. */
  readonly ended: EndedRun | null
  readonly bars: Readonly<Record<string, number>>
  readonly evaluations: readonly EvaluationCount[]
  /** Why evaluations did not become signals: the first reason of each. */
  readonly no_signal: Readonly<Record<string, number>>
  /** Why signals were denied: the first reason of each. */
  readonly denied: Readonly<Record<string, number>>
  readonly fills: number
  readonly closed_trades: readonly ClosedTrade[]
  readonly market: { readonly from: number | null; readonly to: number | null }
}

export interface EndedRun {
  readonly reason: string
  readonly detail: string
  readonly trades: number
  readonly duplicates: number
  readonly late: number
  readonly missing: number
  readonly rejected: number
}

export interface EvaluationCount {
  readonly strategy: string
  readonly grade: string
  readonly count: number
  readonly signalled: number
}

export interface ClosedTrade {
  readonly trade_id: string
  readonly setup_id: string
  readonly strategy: string
  readonly grade: string
  readonly side: string
  readonly quantity: string
  readonly entry_price: string | null
  readonly exit_price: string
  readonly exit_reason: string
  readonly net_pnl: string
  readonly r_multiple: number
  readonly closed_at: number
}

type Journal = Database<Record<string, never>>
type Named = { readonly name: string; readonly count: number }

const byName = (rows: readonly Named[]): Record<string, number> =>
  Object.fromEntries(rows.map(({ name, count }) => [name, count]))

const countBy = async (
  db: Journal,
  runId: string,
  type: string,
  path: string,
): Promise<Record<string, number>> => {
  const { rows } = await sql<Named>`
    select payload #>> ${path}::text[] as name, count(*) as count from event
    where run_id = ${runId} and type = ${type} and payload #>> ${path}::text[] is not null
    group by 1 order by 2 desc, 1`.execute(db.kysely)
  return byName(rows)
}

const closedTrades = async (db: Journal, runId: string): Promise<ClosedTrade[]> => {
  const { rows } = await sql<ClosedTrade>`
    select payload #>> '{trade,trade_id}' as trade_id, payload #>> '{trade,setup_id}' as setup_id,
      payload #>> '{trade,strategy}' as strategy, payload #>> '{trade,grade}' as grade,
      payload #>> '{trade,side}' as side, payload #>> '{trade,quantity}' as quantity,
      payload #>> '{trade,entry_price}' as entry_price, payload ->> 'exit_price' as exit_price,
      payload ->> 'exit_reason' as exit_reason, payload ->> 'net_pnl' as net_pnl,
      (payload ->> 'r_multiple')::float8 as r_multiple, occurred_at as closed_at
    from event where run_id = ${runId} and type = 'execution.trade.closed' order by tape_seq`.execute(
    db.kysely,
  )
  return rows
}

/** Reads the summary of one run from the journal's events. */
export const summarizeRun = async (db: Journal, runId: string): Promise<RunSummary> => {
  const events = await sql<Named>`
    select type as name, count(*) as count from event where run_id = ${runId} group by 1 order by 1`.execute(
    db.kysely,
  )
  const ended = await sql<{ payload: EndedRun }>`
    select payload from event where run_id = ${runId} and type = 'market.run.ended'
    order by tape_seq desc limit 1`.execute(db.kysely)
  const evaluations = await sql<EvaluationCount>`
    select payload ->> 'strategy' as strategy, payload ->> 'grade' as grade, count(*) as count,
      count(*) filter (where (payload ->> 'signalled')::boolean) as signalled
    from event where run_id = ${runId} and type = 'setup.evaluated' group by 1, 2 order by 1, 2`.execute(
    db.kysely,
  )
  const fills = await sql<{ count: number }>`
    select count(*) as count from fill where run_id = ${runId}`.execute(db.kysely)
  const market = await sql<{ from: number | null; to: number | null }>`
    select min(occurred_at) as "from", max(occurred_at) as "to" from event
    where run_id = ${runId} and type = 'market.bar.closed'`.execute(db.kysely)
  return {
    events: byName(events.rows),
    ended: ended.rows[0]?.payload ?? null,
    bars: await countBy(db, runId, 'market.bar.closed', '{timeframe}'),
    evaluations: evaluations.rows,
    no_signal: await countBy(db, runId, 'setup.evaluated', '{reasons,0}'),
    denied: await countBy(db, runId, 'risk.signal.denied', '{reason}'),
    fills: fills.rows[0]!.count,
    closed_trades: await closedTrades(db, runId),
    market: market.rows[0]!,
  }
}
