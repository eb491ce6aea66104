import { TapedeckError, canonicalJson, shortHash } from '@tapedeck/contracts'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** The last row of a page: its sort value, and the id that breaks ties. */
export interface Position {
  readonly sort: string | number
  readonly id: string | number
}

export interface Page<Row> {
  readonly data: Row[]
  /** Null on the last page. */
  readonly nextCursor: string | null
}

const VERSION = 1
const CURSOR_LENGTH_MAX = 512
const CURSOR = /^[A-Za-z0-9_-]+$/

const hashOf = (filters: unknown): string => shortHash(canonicalJson(filters ?? null), 12)

const invalid = (problem: string): TapedeckError =>
  new TapedeckError('CURSOR_INVALID', `the cursor ${problem}`)

/** An opaque cursor: where the page ended, bound to the filters it was made under. */
export const encodeCursor = (position: Position, filters: unknown): string =>
  Buffer.from(JSON.stringify([VERSION, position.sort, position.id, hashOf(filters)])).toString(
    'base64url',
  )

const isKey = (value: unknown): value is string | number =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))

/**
 * Reads a cursor back. Values come from outside: pass them to SQL as parameters only.
 *
 * @returns null where there is no cursor (the first page)
 * @throws TapedeckError `CURSOR_INVALID` when it is damaged, of another version, or of other filters
 */
export const decodeCursor = (
  cursor: string | null | undefined,
  filters: unknown,
): Position | null => {
  if (cursor === null || cursor === undefined) return null
  if (cursor.length > CURSOR_LENGTH_MAX || !CURSOR.test(cursor)) {
    throw invalid('is not one that this API gave out')
  }
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch (error) {
    throw new TapedeckError('CURSOR_INVALID', 'the cursor cannot be read', { cause: error })
  }
  if (!Array.isArray(parts) || parts.length !== 4) throw invalid('cannot be read')
  const [version, sort, id, hash] = parts as unknown[]
  if (version !== VERSION) throw invalid(`is of version ${String(version)}; expected ${VERSION}`)
  if (!isKey(sort) || !isKey(id)) throw invalid('holds no position')
  if (hash !== hashOf(filters)) throw invalid('was made under other filters')
  return { sort, id }
}

/**
 * The condition for rows after a position, for `where`. Null gives all rows. Order the query by the same
 * two columns in the same direction and fetch `limit + 1` rows for `pageOf`.
 */
export const afterPosition = (
  position: Position | null,
  columns: { readonly sort: string; readonly id: string },
  direction: 'asc' | 'desc',
): RawBuilder<boolean> => {
  if (position === null) return sql<boolean>`true`
  const compare = sql.raw(direction === 'asc' ? '>' : '<')
  return sql<boolean>`(${sql.ref(columns.sort)}, ${sql.ref(columns.id)}) ${compare} (${position.sort}, ${position.id})`
}

/** Cuts `limit + 1` fetched rows to a page, with the cursor of the next one when there is more. */
export const pageOf = <Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
  filters: unknown,
): Page<Row> => {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  const more = rows.length > limit && last !== undefined
  return { data, nextCursor: more ? encodeCursor(positionOf(last), filters) : null }
}
