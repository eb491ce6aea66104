import { CompiledQuery } from 'kysely'
import { CopySource, sqlState } from '../connection/index.ts'
import type { Executor } from '../connection/index.ts'
import { copyLineChunks, copyText } from './copy-text.ts'
import type { CopyValue } from './copy-text.ts'
import { quoteName } from './quote-name.ts'

const UNIQUE_VIOLATION = '23505'

const run = (on: Executor, text: string, parameters: readonly unknown[] = []) =>
  on.executeQuery(CompiledQuery.raw(text, [...parameters]))

/**
 * Streams rows into a table with COPY: the fastest way in. All or nothing; a key that exists fails it.
 * On a transaction it is part of that transaction, e.g. together with the mark up to which rows are in.
 *
 * @returns how many rows Postgres took
 * @throws RangeError for a value that cannot be stored (nothing is written); the driver's error with its
 * SQLSTATE otherwise
 */
export const copyRows = async (
  on: Executor,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<number> => await copyChunks(on, table, columns, copyText(columns, rows))

/**
 * The same for lines that are in COPY's text format already: values by `copyField`, parted by tabs, each
 * line with its line end. Half the work of `copyRows` where rows share most of their values.
 *
 * @returns how many rows Postgres took
 */
export const copyLines = async (
  on: Executor,
  table: string,
  columns: readonly string[],
  lines: Iterable<string>,
): Promise<number> => await copyChunks(on, table, columns, copyLineChunks(lines))

const copyChunks = async (
  on: Executor,
  table: string,
  columns: readonly string[],
  chunks: Iterable<Buffer>,
): Promise<number> => {
  const text = `copy ${quoteName(table)} (${columns.map(quoteName).join(', ')}) from stdin`
  const result = await run(on, text, [new CopySource(chunks)])
  return Number(result.numAffectedRows ?? 0n)
}

const copyThroughStaging = async (
  tx: Executor,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly CopyValue[])[],
): Promise<number> => {
  const staging = `staging_${table}`.slice(0, 63)
  const names = columns.map(quoteName).join(', ')
  await run(tx, `create temp table ${quoteName(staging)} (like ${quoteName(table)}) on commit drop`)
  await copyRows(tx, staging, columns, rows)
  const inserted = await run(
    tx,
    `insert into ${quoteName(table)} (${names}) select ${names} from ${quoteName(staging)}
    on conflict do nothing`,
  )
  await run(tx, `drop table ${quoteName(staging)}`)
  return Number(inserted.numAffectedRows ?? 0n)
}

/**
 * COPY that leaves rows alone whose key is there already, so that the same batch may come again after a
 * crash: nothing is lost, nothing doubled. Takes the direct way first; only when a key exists does it
 * roll that back and go through a temporary table.
 *
 * @param tx a transaction (`db.transaction`)
 * @param table has a unique key; `columns` include it
 * @returns how many rows were new
 */
export const copyNewRows = async (
  tx: Executor,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly CopyValue[])[],
): Promise<number> => {
  await run(tx, 'savepoint copy_new_rows')
  try {
    const copied = await copyRows(tx, table, columns, rows)
    await run(tx, 'release savepoint copy_new_rows')
    return copied
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error
    await run(tx, 'rollback to savepoint copy_new_rows')
    return copyThroughStaging(tx, table, columns, rows)
  }
}
