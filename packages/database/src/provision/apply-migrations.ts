import { TapedeckError } from '@tapedeck/contracts'
import { CompiledQuery } from 'kysely'
import type { Transaction } from 'kysely'
import { reasonOf } from '../connection/index.ts'
import type { Database } from '../connection/index.ts'
import type { Migrations } from './base-migrations.ts'

/** Migrations by who wrote them; sets run in this order. */
export type MigrationSets = Readonly<Record<string, Migrations>>

const failed = (schema: string, message: string, details: object, cause?: unknown): TapedeckError =>
  new TapedeckError('MIGRATION_FAILED', `schema ${schema}: ${message}`, {
    details: { schema, ...details },
    ...(cause === undefined ? {} : { cause }),
  })

const appliedNames = async (tx: Transaction<unknown>): Promise<string[]> => {
  const { rows } = await tx.executeQuery<{ name: string }>(
    CompiledQuery.raw('select name from migration order by name'),
  )
  return rows.map((row) => row.name)
}

const checkKnown = (schema: string, applied: readonly string[], all: readonly string[]): void => {
  const unknown = applied.filter((name) => !all.includes(name))
  if (unknown.length > 0) {
    throw failed(schema, `holds ${unknown.join(', ')}, unknown to this version; run a newer one`, {
      unknown,
    })
  }
}

/** A migration that sorts before one that was applied would run in another order on a fresh database. */
const checkOrder = (
  schema: string,
  names: readonly string[],
  applied: ReadonlySet<string>,
): void => {
  const last = names.findLastIndex((name) => applied.has(name))
  const late = names.slice(0, last + 1).find((name) => !applied.has(name))
  if (late !== undefined) {
    throw failed(schema, `${late} sorts before ${names[last]}, which was applied; rename it`, {
      migration: late,
    })
  }
}

/**
 * Brings the schema up to date: every migration that is missing, its own bookkeeping included, in one
 * transaction, one process at a time. Either all of it or nothing.
 *
 * (kysely's own migrator makes its bookkeeping tables outside the transaction and knows one set only.)
 *
 * @returns the names that were applied, such as `base/0001-shell`; empty when there was nothing to do
 * @throws TapedeckError `MIGRATION_FAILED` with the migration's name and the cause
 */
export const applyMigrations = async <Tables>(
  db: Database<Tables>,
  sets: MigrationSets,
): Promise<string[]> => {
  const planned = Object.entries(sets).map(([set, migrations]) => {
    const inOrder = Object.entries(migrations).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return inOrder.map(([name, { up }]) => ({ name: `${set}/${name}`, up }))
  })
  const { schema } = db
  return db.transaction(async (tables) => {
    const tx = tables as unknown as Transaction<unknown>
    const execute = (text: string, parameters: unknown[] = []) =>
      tx.executeQuery(CompiledQuery.raw(text, parameters))
    await execute('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`tapedeck:${schema}`])
    await execute(
      'create table if not exists migration (name text primary key, applied_at timestamptz not null default now())',
    )
    const before = await appliedNames(tx)
    const applied = new Set(before)
    checkKnown(
      schema,
      before,
      planned.flat().map(({ name }) => name),
    )
    const done: string[] = []
    for (const set of planned) {
      checkOrder(
        schema,
        set.map(({ name }) => name),
        applied,
      )
      for (const { name, up } of set) {
        if (applied.has(name)) continue
        try {
          await up(tx)
          await execute('insert into migration (name) values ($1)', [name])
        } catch (error) {
          throw failed(schema, `${name} failed: ${reasonOf(error)}`, { migration: name }, error)
        }
        done.push(name)
      }
    }
    return done
  })
}
