import { createHash } from 'node:crypto'
import { SERVICES } from '@tapedeck/contracts'
import { type BaseTables, type Database, openDatabase, serviceNames, sql } from '@tapedeck/database'
import type { Stack } from '@tapedeck/stack'

/** Rows and their hash, by `<schema>.<table>`. */
export type LedgerDigests = Readonly<
  Record<string, { readonly rows: number; readonly sha256: string }>
>

/** How a service keeps itself going: true of this process and this moment, not of the market. */
const HOUSEKEEPING = new Set([
  'checkpoint',
  'checkpoint_history',
  'idempotency',
  'lease',
  'migration',
  'outbox',
  // Says how the archive is cut into pieces; its content is compared as a whole.
  'archive_segment',
])

const tablesOf = async (db: Database<BaseTables>): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = ${db.schema}::regnamespace and relkind in ('r', 'p') and not relispartition
    order by 1`.execute(db.kysely)
  return rows.map(({ name }) => name).filter((name) => !HOUSEKEEPING.has(name))
}

const digest = async (db: Database<BaseTables>, table: string) => {
  const { rows } = await sql<{ row: string }>`
    select (to_jsonb(t) - 'recorded_at')::text as row from ${sql.table(table)} t order by 1`.execute(
    db.kysely,
  )
  const hash = createHash('sha256')
  for (const { row } of rows) hash.update(row).update('\n')
  return { rows: rows.length, sha256: hash.digest('hex') }
}

/** The gateway keeps keys and preferences of people; the others keep what happened. */
const KEEPERS = SERVICES.filter((service) => service !== 'gateway')

/** Every ledger of every service, without when it was written. Read it when the services have stopped. */
export const digestLedgers = async (roleUrls: Stack['roleUrls']): Promise<LedgerDigests> => {
  const digests: [string, { rows: number; sha256: string }][] = []
  for (const service of KEEPERS) {
    const { schema } = serviceNames(service)
    const db = openDatabase<BaseTables>({
      url: roleUrls[service],
      schema,
      applicationName: 'e2e',
      maxConnections: 1,
    })
    try {
      for (const table of await tablesOf(db))
        digests.push([`${schema}.${table}`, await digest(db, table)])
    } finally {
      await db.close()
    }
  }
  return Object.fromEntries(digests)
}
