import { copyNewRows, copyRows, ensureDayPartitions, namedStatement, sql } from '@tapedeck/database'
import type { BaseTables, Database } from '@tapedeck/database'

/** Rows a second into the database, and the share of one CPU that this process spent on them. */
export interface CopyRate {
  readonly name: string
  readonly rowsPerSecond: number
  readonly clientMicrosPerRow: number
}

type TradeRow = [string, number, number, number, number, boolean]
const COLUMNS = ['symbol', 'id', 'time', 'price', 'quantity', 'maker']
const START = Date.parse('2026-01-05T00:00:00Z')

let nextId = 1
const trades = (count: number): TradeRow[] =>
  Array.from({ length: count }, () => {
    const id = nextId++
    return [
      'BTCUSDT',
      id,
      START + (id % 86_000_000),
      9_000_000 + (id % 5_000),
      1 + (id % 700),
      id % 2 === 0,
    ]
  })

const unnestInsert = namedStatement<never>(
  'bench_unnest',
  `insert into keyed select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[],
  $5::bigint[], $6::boolean[]) on conflict do nothing`,
)

const unnest = (db: Database<BaseTables>, rows: readonly TradeRow[]): Promise<unknown> =>
  unnestInsert(
    db,
    COLUMNS.map((_, column) => rows.map((row) => row[column])),
  )

const DEFINITION = `symbol text not null, id bigint not null, time bigint not null,
  price bigint not null, quantity bigint not null, maker boolean not null`

const measure = async (
  name: string,
  batch: number,
  total: number,
  work: (rows: TradeRow[]) => Promise<unknown>,
): Promise<CopyRate> => {
  await work(trades(batch))
  const batches = Array.from({ length: Math.ceil(total / batch) }, () => trades(batch))
  const cpu = process.cpuUsage()
  const start = performance.now()
  for (const rows of batches) await work(rows)
  const seconds = (performance.now() - start) / 1_000
  const used = process.cpuUsage(cpu)
  const rows = batches.length * batch
  return {
    name: `${name}, batches of ${batch}`,
    rowsPerSecond: rows / seconds,
    clientMicrosPerRow: (used.user + used.system) / rows,
  }
}

/** One connection; trades of six columns; with and without a key, new and repeated batches. */
export const measureCopy = async (db: Database<BaseTables>): Promise<CopyRate[]> => {
  await sql.raw(`create table plain (${DEFINITION})`).execute(db.kysely)
  await sql
    .raw(
      `create table keyed (${DEFINITION}, primary key (symbol, id, time)) partition by range (time)`,
    )
    .execute(db.kysely)
  await ensureDayPartitions(db, 'keyed', ['2026-01-05'])
  const copyNew = (rows: TradeRow[]): Promise<number> =>
    db.transaction((tx) => copyNewRows(tx, 'keyed', COLUMNS, rows))
  const rates: CopyRate[] = []
  for (const batch of [1_000, 10_000]) {
    rates.push(
      await measure('copyRows, no key', batch, 200_000, (rows) =>
        copyRows(db, 'plain', COLUMNS, rows),
      ),
      await measure('copyRows, key, partition', batch, 200_000, (rows) =>
        copyRows(db, 'keyed', COLUMNS, rows),
      ),
      await measure('copyNewRows, all new', batch, 200_000, copyNew),
      await measure('unnest on conflict do nothing', batch, 200_000, (rows) => unnest(db, rows)),
    )
  }
  const again = trades(10_000)
  await copyNew(again)
  rates.push(await measure('copyNewRows, all repeated', 10_000, 100_000, () => copyNew(again)))
  return rates
}
