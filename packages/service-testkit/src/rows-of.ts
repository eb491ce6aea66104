import { type Database, sql } from '@tapedeck/database'

/** All rows of tables, by table, in one order: for comparing what was left behind. */
export const rowsOf = async <Tables>(
  db: Database<Tables>,
  tables: readonly (keyof Tables & string)[],
): Promise<Record<string, unknown[]>> => {
  const found: [string, unknown[]][] = []
  for (const table of tables) {
    const { rows } = await sql`select * from ${sql.table(table)} as t order by t::text`.execute(
      db.kysely,
    )
    found.push([table, rows])
  }
  return Object.fromEntries(found)
}
