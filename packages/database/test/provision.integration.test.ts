import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, describe, expect, it } from '@jest/globals'
import { openDatabase, provisionService, sql } from '@tapedeck/database'
import type { Database, Migrations } from '@tapedeck/database'
import { withPostgres } from '@tapedeck/testkit'
import { codeOf, openService } from './open-service.ts'

const postgres = withPostgres()
const opened: Database<never>[] = []
const keep = <D extends Database<never> | Database<unknown>>(db: D): D => {
  opened.push(db as Database<never>)
  return db
}
afterAll(async () => {
  await Promise.all(opened.map((db) => db.close()))
})

const makeNotes: Migrations = {
  '0001-notes': {
    up: (db) => db.schema.createTable('note').addColumn('text', 'text').execute(),
  },
}

const administrator = (): Database<unknown> =>
  keep(
    openDatabase({
      url: postgres().url,
      schema: 'public',
      applicationName: 'test',
      maxConnections: 2,
    }),
  )

const tablesOf = async (db: Database<unknown>, schema: string): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = to_regnamespace(${schema})
    and relkind = 'r' order by 1`.execute(db.kysely)
  return rows.map((row) => row.name)
}

const provisionElsewhere = async (): Promise<string[]> => {
  const worker = fork(new URL('./provision-worker.ts', import.meta.url), [postgres().url], {
    execArgv: [],
  })
  const [applied] = (await once(worker, 'message')) as [string[]]
  return applied
}

const provisionHere = async (): Promise<readonly string[]> => {
  const { applied } = await provisionService({
    adminUrl: postgres().url,
    service: 'execution',
    password: 'secret',
    migrations: makeNotes,
  })
  return applied
}

describe('provisionService', () => {
  it('makes role, schema and tables, and does nothing the second time', async () => {
    const request = {
      adminUrl: postgres().url,
      service: 'setup-generator',
      password: 'secret-1',
      migrations: makeNotes,
    }
    const first = await provisionService(request)
    const second = await provisionService({ ...request, password: 'secret-2' })
    expect(first).toMatchObject({
      schema: 'setup_generator',
      role: 'tapedeck_setup_generator',
      applied: ['base/0001-shell', 'service/0001-notes'],
    })
    expect(second.applied).toEqual([])
    expect(await tablesOf(administrator(), 'setup_generator')).toEqual([
      'checkpoint',
      'checkpoint_history',
      'idempotency',
      'lease',
      'migration',
      'note',
      'outbox',
    ])
  })

  it('lets no service see the tables of another, nor the schema public', async () => {
    const risk = keep(await openService<unknown>(postgres().url, 'risk', makeNotes))
    const journal = keep(await openService<unknown>(postgres().url, 'journal', makeNotes))
    const run = (text: string) => codeOf(sql.raw(text).execute(journal.kysely))
    expect(await run('select * from note')).toBe('none')
    const forbidden = '42501'
    expect(await run('select * from risk.note')).toBe(forbidden)
    expect(await run('insert into risk.outbox default values')).toBe(forbidden)
    expect(await run('drop table risk.note')).toBe(forbidden)
    expect(await run('drop schema risk cascade')).toBe(forbidden)
    expect(await run('create table public.mine (a int)')).toBe(forbidden)
    expect(await run('create schema mine')).toBe(forbidden)
    expect(await run('set role tapedeck_risk')).toBe(forbidden)
    expect(await run('create role another')).toBe(forbidden)
    expect(await tablesOf(risk, 'risk')).toContain('note')
  })

  it('is safe from several processes and connections at once', async () => {
    const runs = await Promise.all([
      provisionElsewhere(),
      provisionElsewhere(),
      provisionHere(),
      provisionHere(),
      provisionHere(),
    ])
    expect(runs.filter((applied) => applied.length > 0)).toEqual([
      ['base/0001-shell', 'service/0001-notes'],
    ])
  })

  it('leaves nothing of a failed migration, and names it', async () => {
    const failing: Migrations = {
      ...makeNotes,
      '0002-broken': { up: (db) => sql`alter table note add column text text`.execute(db) },
    }
    const request = { adminUrl: postgres().url, service: 'analyst', password: 'x' }
    await expect(provisionService({ ...request, migrations: failing })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('service/0002-broken'),
      details: { schema: 'analyst', migration: 'service/0002-broken' },
      cause: { code: '42701' },
    })
    expect(await tablesOf(administrator(), 'analyst')).toEqual([])
    const repaired = await provisionService({ ...request, migrations: makeNotes })
    expect(repaired.applied).toEqual(['base/0001-shell', 'service/0001-notes'])
    // A later failure takes back its own transaction only.
    expect(await codeOf(provisionService({ ...request, migrations: failing }))).toBe(
      'MIGRATION_FAILED',
    )
    expect((await provisionService({ ...request, migrations: makeNotes })).applied).toEqual([])
  })

  it.each<[string, Migrations, RegExp]>([
    ['a database of a newer version', {}, /service\/0001-notes, unknown to this version/],
    [
      'a migration that comes too late',
      { ...makeNotes, '0000-late': { up: async () => {} } },
      /0000-late sorts before service\/0001-notes/,
    ],
  ])('refuses %s', async (_name, migrations, message) => {
    const request = { adminUrl: postgres().url, service: 'reconciler', password: 'x' }
    await provisionService({ ...request, migrations: makeNotes })
    await expect(provisionService({ ...request, migrations })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(message),
    })
  })

  it('works for an administrator who is no superuser', async () => {
    const admin = administrator()
    await sql`create role manager login createrole password 'manager'`.execute(admin.kysely)
    await sql`create database managed owner manager`.execute(admin.kysely)
    const url = new URL(postgres().url)
    Object.assign(url, { username: 'manager', password: 'manager', pathname: '/managed' })
    const request = { adminUrl: url.href, service: 'ledger', password: 'x', migrations: makeNotes }
    expect((await provisionService(request)).applied).toHaveLength(2)
    expect((await provisionService(request)).applied).toEqual([])
  })

  it('says what is wrong with a server, a name or a password', async () => {
    const request = { adminUrl: postgres().url, service: 'x', password: 'x', migrations: {} }
    const away = { ...request, adminUrl: 'postgres://a:b@127.0.0.1:1/x' }
    expect(await codeOf(provisionService(away))).toBe('POSTGRES_UNREACHABLE')
    const injected = { ...request, service: 'x"; drop' }
    expect(await codeOf(provisionService(injected))).toBe('CONFIG_INVALID')
    expect(await codeOf(provisionService({ ...request, password: 'naïve' }))).toBe(
      'MIGRATION_FAILED',
    )
  })
})
