import { TapedeckError } from '@tapedeck/contracts'
import { CompiledQuery } from 'kysely'
import type { Database, Executor } from '../connection/index.ts'
import { quoteName } from './quote-name.ts'

const DAY_MS = 86_400_000
const DAY = /^\d{4}-\d{2}-\d{2}$/

const rowsOf = async <Row>(
  on: Executor,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> => (await on.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]))).rows

const dayStart = (day: string): number => {
  const millis = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(millis) || new Date(millis).toISOString().slice(0, 10) !== day) {
    throw new RangeError(`day is ${JSON.stringify(day)}; expected a UTC date such as 2026-01-05`)
  }
  return millis
}

/** How a day's first instant is written, by the type of the partition column. */
const BOUNDS: Readonly<Record<string, (millis: number) => string>> = {
  bigint: (millis) => String(millis),
  'timestamp with time zone': (millis) => `'${new Date(millis).toISOString()}'`,
  date: (millis) => `'${new Date(millis).toISOString().slice(0, 10)}'`,
}

const boundOf = async (on: Executor, table: string): Promise<(millis: number) => string> => {
  const [row] = await rowsOf<{ type: string }>(
    on,
    `select format_type(a.atttypid, a.atttypmod) as type
    from pg_partitioned_table p
    join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = to_regclass($1) and p.partstrat = 'r' and p.partnatts = 1`,
    [quoteName(table)],
  )
  const bound = BOUNDS[row?.type ?? '']
  if (bound === undefined) {
    throw new TapedeckError(
      'INTERNAL',
      `table ${table} is partitioned by ${row?.type ?? 'nothing'}; expected a range over one bigint (ms), timestamptz or date column`,
    )
  }
  return bound
}

const partitionsOf = async (on: Executor, table: string): Promise<string[]> => {
  const rows = await rowsOf<{ name: string }>(
    on,
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass($1) order by 1`,
    [quoteName(table)],
  )
  return rows.map((row) => row.name)
}

const partitionName = (table: string, day: string): string => `${table}_d${day.replaceAll('-', '')}`

const lockTable = (on: Executor, schema: string, table: string): Promise<unknown> =>
  rowsOf(on, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `tapedeck:partitions:${schema}.${table}`,
  ])

/**
 * Makes the partitions of these UTC days where they are missing. Safe to call often and from several
 * processes. Attaches finished tables, which lets readers and writers of other days go on.
 *
 * @param table partitioned by range over one column: bigint (ms since the epoch), timestamptz or date
 * @param days e.g. `['2026-01-05']`
 * @returns the names that were made
 */
export const ensureDayPartitions = async <Tables>(
  db: Database<Tables>,
  table: string,
  days: readonly string[],
): Promise<string[]> => {
  const starts = new Map(days.map((day) => [partitionName(table, day), dayStart(day)]))
  const known = new Set(await partitionsOf(db, table))
  if ([...starts.keys()].every((name) => known.has(name))) return []
  return db.transaction(async (tx) => {
    await lockTable(tx, db.schema, table)
    const bound = await boundOf(tx, table)
    const present = new Set(await partitionsOf(tx, table))
    const made: string[] = []
    for (const [name, start] of starts) {
      if (present.has(name)) continue
      const parts = [quoteName(name), quoteName(table)] as const
      await rowsOf(
        tx,
        `create table ${parts[0]} (like ${parts[1]} including defaults including constraints including storage)`,
      )
      await rowsOf(
        tx,
        `alter table ${parts[1]} attach partition ${parts[0]}
        for values from (${bound(start)}) to (${bound(start + DAY_MS)})`,
      )
      made.push(name)
    }
    return made
  })
}

/**
 * Drops the partitions of days before `day`: at once and for good, without the work of a DELETE.
 *
 * @returns the names that were dropped
 */
export const dropPartitionsBefore = async <Tables>(
  db: Database<Tables>,
  table: string,
  day: string,
): Promise<string[]> => {
  dayStart(day)
  const limit = partitionName(table, day)
  const isDay = (name: string): boolean =>
    name.length === limit.length && /_d\d{8}$/.test(name) && name.startsWith(`${table}_d`)
  return db.transaction(async (tx) => {
    await lockTable(tx, db.schema, table)
    const old = (await partitionsOf(tx, table)).filter((name) => isDay(name) && name < limit)
    for (const name of old) await rowsOf(tx, `drop table ${quoteName(name)}`)
    return old
  })
}
