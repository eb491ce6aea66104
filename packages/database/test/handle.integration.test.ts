import { randomUUID } from 'node:crypto'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { context, trace } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { appendOutbox, openDatabase, sql, unpublished } from '@tapedeck/database'
import type { BaseTables, Database } from '@tapedeck/database'
import { withPostgres } from '@tapedeck/testkit'
import { codeOf, openService } from './open-service.ts'

const postgres = withPostgres()
let db: Database<BaseTables>
beforeAll(async () => {
  db = await openService(postgres().url, 'handle', {}, { statementMsMax: 3_000, lockMsMax: 200 })
})
afterAll(async () => {
  await db.close()
  await db.close()
})

const value = async (text: string): Promise<unknown> => {
  const { rows } = await sql.raw<{ v: unknown }>(`select ${text} as v`).execute(db.kysely)
  return rows[0]?.v
}

describe('values', () => {
  it.each<[string, unknown]>([
    ['9007199254740991::bigint', 9_007_199_254_740_991],
    ['-9007199254740991::bigint', -9_007_199_254_740_991],
    ['array[1, null, 3]::bigint[]', [1, null, 3]],
    ['array[array[1], array[2]]::bigint[]', [[1], [2]]],
    ['123456789012345678901234567890.10::numeric', '123456789012345678901234567890.10'],
    ['array[0.10, null]::numeric[]', ['0.10', null]],
    [`'{"b":1,"a":[1.5,null]}'::jsonb`, { b: 1, a: [1.5, null] }],
    [`'2026-01-05'::date`, '2026-01-05'],
    [`'2026-01-05 10:00'::timestamp`, '2026-01-05 10:00:00'],
    [`'2026-01-05 10:00Z'::timestamptz`, new Date('2026-01-05T10:00:00Z')],
    ['0.1::float8 + 0.2::float8', 0.1 + 0.2],
    ['null::bigint', null],
    [`current_setting('TimeZone')`, 'UTC'],
    [`current_setting('search_path')`, 'handle'],
  ])('reads %s', async (text, expected) => {
    expect(await value(text)).toEqual(expected)
  })

  it('refuses an int8 that a number cannot hold, and goes on', async () => {
    await expect(value('9007199254740992::bigint')).rejects.toThrow(/9007199254740992/)
    expect(await value('1')).toBe(1)
  })
})

describe('limits', () => {
  it('ends a statement and a lock wait that take too long', async () => {
    expect(await codeOf(value('pg_sleep(30)::text'))).toBe('57014')
    await db.transaction(async (tx) => {
      await sql`lock table lease`.execute(tx)
      expect(await codeOf(value('(select count(*) from lease)'))).toBe('55P03')
    })
  })

  it('says so when every connection is in use', async () => {
    const small = openDatabase<BaseTables>({
      url: postgres().url,
      schema: 'handle',
      applicationName: 'small',
      maxConnections: 1,
      // The first one is made within it, too.
      connectMsMax: 2_000,
    })
    await small.transaction(async () => {
      await expect(sql`select 1`.execute(small.kysely)).rejects.toMatchObject({
        code: 'POSTGRES_UNREACHABLE',
        message: expect.stringContaining('all 1 connections are in use'),
        details: { outcome: 'not_sent' },
      })
    })
    await small.close()
  })

  it.each([
    { url: 'http://a/b' },
    { url: 'postgres://a:b@127.0.0.1' },
    { schema: 'Bad-Name' },
    { maxConnections: 0 },
  ])('refuses %j', (wrong) => {
    const options = { url: 'postgres://a:secret@127.0.0.1/x', schema: 'x', applicationName: 'x' }
    expect(() => openDatabase({ maxConnections: 1, ...options, ...wrong })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.not.stringContaining('secret'),
      }),
    )
  })
})

describe('transaction', () => {
  it('runs again after a deadlock', async () => {
    await sql`create table tally (id int primary key, n int)`.execute(db.kysely)
    await sql`insert into tally values (1, 0), (2, 0)`.execute(db.kysely)
    let ready = 0
    const { promise: both, resolve: open } = Promise.withResolvers<null>()
    const cross = (first: number, second: number) =>
      db.transaction(async (tx) => {
        // The server looks for deadlocks after a second.
        await sql`set local lock_timeout = 0`.execute(tx)
        await sql`set local statement_timeout = 0`.execute(tx)
        await sql`update tally set n = n + 1 where id = ${first}`.execute(tx)
        if ((ready += 1) === 2) open(null)
        await both
        await sql`update tally set n = n + 1 where id = ${second}`.execute(tx)
      })
    await Promise.all([cross(1, 2), cross(2, 1)])
    expect(await value('(select sum(n)::int from tally)')).toBe(4)
  })

  it('gives up after a bounded number of serialization failures', async () => {
    let attempts = 0
    const failing = db.transaction(
      async (tx) => {
        attempts += 1
        await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(tx)
      },
      { attemptsMax: 3 },
    )
    expect(await codeOf(failing)).toBe('40001')
    expect(attempts).toBe(3)
  })

  it('rolls back what throws, once', async () => {
    const failing = db.transaction(async (tx) => {
      await sql`insert into lease values ('lost', 'x', 1, now())`.execute(tx)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await value('(select count(*) from lease)')).toBe(0)
  })
})

describe('tracing', () => {
  const exporter = new InMemorySpanExporter()
  const manager = new AsyncLocalStorageContextManager()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  beforeAll(() => {
    context.setGlobalContextManager(manager.enable())
    trace.setGlobalTracerProvider(provider)
  })
  afterAll(() => {
    trace.disable()
    context.disable()
  })

  it('makes spans and sends the trace along only inside a recorded span', async () => {
    const seen = 'query from pg_stat_activity where pid = pg_backend_pid()'
    const { rows: plain } = await sql.raw<{ query: string }>(`select ${seen}`).execute(db.kysely)
    expect(plain[0]?.query).not.toContain('traceparent')
    expect(exporter.getFinishedSpans()).toEqual([])

    const parent = trace.getTracer('test').startSpan('parent')
    const traced = trace.setSpan(context.active(), parent)
    await context.with(traced, async () => {
      const { rows } = await sql.raw<{ query: string }>(`select ${seen}`).execute(db.kysely)
      expect(rows[0]?.query).toContain(`traceparent='00-${parent.spanContext().traceId}-`)
      await appendOutbox(db, [
        { seq: 1, type: 't', subject: 's', eventId: randomUUID(), bytes: Buffer.from('{}') },
      ])
      expect(await codeOf(sql`select 1 / 0`.execute(db.kysely))).toBe('22012')
    })
    await provider.forceFlush()
    const [first, append, third] = exporter.getFinishedSpans()
    expect(first?.name).toBe('select pg_stat_activity')
    expect(first?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId)
    expect(first?.attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.namespace': 'postgres|handle',
      'server.address': '127.0.0.1',
    })
    expect(append?.name).toBe('append_outbox')
    const [sent] = await unpublished(db, 1)
    expect(sent?.traceparent).toMatch(`00-${parent.spanContext().traceId}-`)
    expect(third?.attributes).toMatchObject({ 'db.response.status_code': '22012' })
  })
})

describe('a server that goes away', () => {
  it('is an operating error, and the handle comes back with the server', async () => {
    expect(await db.ready()).toEqual({ ok: true, reason: null })
    const underWay = codeOf(
      db.transaction(async (tx) => {
        await sql`select 1`.execute(tx)
        await postgres().kill('SIGKILL')
        await sql`select 1`.execute(tx)
      }),
    )
    expect(await underWay).toBe('POSTGRES_UNREACHABLE')
    expect(await db.ready()).toMatchObject({ ok: false })
    expect(await codeOf(sql`select 1`.execute(db.kysely))).toBe('POSTGRES_UNREACHABLE')

    const reasons: string[] = []
    const waiting = db.waitUntilReachable({ onAttempt: (_, reason) => reasons.push(reason) })
    await postgres().restart()
    await waiting
    expect(reasons.length).toBeGreaterThan(0)
    expect(await value('1')).toBe(1)
    expect(await db.ready()).toEqual({ ok: true, reason: null })
  })

  it('stops waiting when told to, and names a missing schema', async () => {
    const away = openDatabase({
      url: 'postgres://a:b@127.0.0.1:1/x',
      schema: 'nothing',
      applicationName: 'x',
      maxConnections: 1,
    })
    const waiting = away.waitUntilReachable({ signal: AbortSignal.timeout(150) })
    await expect(waiting).rejects.toMatchObject({
      name: expect.stringMatching(/Abort|Timeout/),
    })
    await away.close()
    const wrong = openDatabase({
      url: postgres().url,
      schema: 'nothing',
      applicationName: 'x',
      maxConnections: 1,
    })
    expect((await wrong.ready()).reason).toMatch(/schema nothing does not exist/)
    await wrong.close()
  })
})
