import { TapedeckError, Uuid } from '@tapedeck/contracts'
import {
  type Database,
  type Page,
  type RawBuilder,
  decodeCursor,
  pageOf,
  sql,
} from '@tapedeck/database'
import { LEDGER_COLUMNS, type SetupEventRow, type Tables } from '../ledger/index.ts'
import { type EventFilters, conditionsOf } from './event-filters.ts'

export interface EventReading {
  readonly filters: EventFilters
  readonly order: 'asc' | 'desc'
  readonly limit: number
  readonly cursor: string | undefined
}

/** After the last row of the page before. A cursor's values come from outside: they are checked here. */
const afterCursor = ({ filters, order, cursor }: EventReading): RawBuilder<boolean> => {
  const position = decodeCursor(cursor, { filters, order })
  if (position === null) return sql<boolean>`true`
  const at = new Date(Number(position.sort))
  if (Number.isNaN(at.getTime()) || !Uuid.safeParse(position.id).success)
    throw new TapedeckError('CURSOR_INVALID', 'the cursor holds no position of this list')
  const compare = sql.raw(order === 'asc' ? '>' : '<')
  return sql<boolean>`(ts, event_id) ${compare} (${at}, ${position.id}::uuid)`
}

/**
 * One page of setup events, by time and event id, without the snapshot as JSON (the text says the same).
 *
 * @throws TapedeckError `CURSOR_INVALID`
 */
export const readEvents = async (
  db: Database<Tables>,
  reading: EventReading,
): Promise<Page<SetupEventRow>> => {
  const { filters, order, limit } = reading
  const conditions = [...conditionsOf(filters), afterCursor(reading)]
  const direction = sql.raw(order)
  const { rows } = await sql<SetupEventRow>`
    select ${sql.join(LEDGER_COLUMNS.map((column) => sql.ref(column)))} from setup_event_ledger
    where ${sql.join(conditions, sql` and `)}
    order by ts ${direction}, event_id ${direction} limit ${limit + 1}`.execute(db.kysely)
  return pageOf(rows, limit, (row) => ({ sort: row.ts.getTime(), id: row.event_id }), {
    filters,
    order,
  })
}
