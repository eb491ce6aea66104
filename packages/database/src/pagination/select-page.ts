import { TapedeckError } from '@tapedeck/contracts'
import { type Kysely, sql } from 'kysely'
import { sqlState } from '../connection/operating-error.ts'
import { type Page, afterPosition, decodeCursor, pageOf } from './cursor.ts'

export interface PageRequest {
  /** Newest first, by these two columns; together they are unique. */
  readonly order: { readonly sort: string; readonly id: string }
  /** Columns that must equal; undefined ones do not filter. */
  readonly filters: Readonly<Record<string, string | number | boolean | undefined>>
  /** Half-open range of the sort column. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** Data exceptions (SQLSTATE class 22). Filters are checked by their schemas; only a cursor's values are not. */
const refusedCursor = (error: unknown): unknown =>
  sqlState(error)?.startsWith('22') === true
    ? new TapedeckError('CURSOR_INVALID', 'the cursor holds no position of this list', {
        cause: error,
      })
    : error

/**
 * One page of a table, newest first.
 *
 * @throws TapedeckError `CURSOR_INVALID`
 */
export const selectPage = async <Row extends Record<string, unknown>, Tables>(
  kysely: Kysely<Tables>,
  table: keyof Tables & string,
  request: PageRequest,
): Promise<Page<Row>> => {
  const { order, filters, from, to, limit } = request
  const bound = { filters, from: from ?? null, to: to ?? null }
  const position = decodeCursor(request.cursor, bound)
  const conditions = [
    afterPosition(position, order, 'desc'),
    ...Object.entries(filters)
      .filter(([, value]) => value !== undefined)
      .map(([column, value]) => sql<boolean>`${sql.ref(column)} = ${value}`),
    ...(from === undefined ? [] : [sql<boolean>`${sql.ref(order.sort)} >= ${from}`]),
    ...(to === undefined ? [] : [sql<boolean>`${sql.ref(order.sort)} < ${to}`]),
  ]
  const query = sql<Row>`
    select * from ${sql.table(table)} where ${sql.join(conditions, sql` and `)}
    order by ${sql.ref(order.sort)} desc, ${sql.ref(order.id)} desc limit ${limit + 1}`
  const { rows } = await query.execute(kysely).catch((error: unknown) => {
    throw position === null ? error : refusedCursor(error)
  })
  const keyOf = (row: Row) => ({
    sort: row[order.sort] as string | number,
    id: row[order.id] as string | number,
  })
  return pageOf(rows, limit, keyOf, bound)
}
