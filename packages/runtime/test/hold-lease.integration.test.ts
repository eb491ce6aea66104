import { afterAll, beforeAll, expect, it } from '@jest/globals'
import {
  type Database,
  acquireLease,
  openDatabase,
  provisionService,
  sql,
} from '@tapedeck/database'
import { withPostgres } from '@tapedeck/testkit'
import { until } from '@tapedeck/test-data'
import { systemClock } from '../src/index.ts'
import { LEASE_TTL_MS, holdLease } from '../src/service/hold-lease.ts'
import { postgresStore } from '../src/service/postgres-store.ts'

const postgres = withPostgres()
let db: Database<unknown>

beforeAll(async () => {
  const { url, schema } = await provisionService({
    adminUrl: postgres().url,
    service: 'execution',
    password: 'a password of a test',
    migrations: {},
  })
  db = openDatabase({ url, schema, applicationName: 'test', maxConnections: 3 })
})
afterAll(async () => await db.close())

const hold = (name: string, holder: string, told: string[] = [], lost: unknown[] = []) =>
  holdLease({
    db,
    name,
    holder,
    clock: systemClock,
    signal: new AbortController().signal,
    onWait: (reason) => told.push(reason),
    onLost: (error) => lost.push(error),
  })

it('a second holder waits, is told for whom, and comes in when the first lets go', async () => {
  const first = await hold('orders', 'first')
  const told: string[] = []
  let entered = false
  const waiting = hold('orders', 'second', told).then((held) => {
    entered = true
    return held
  })
  await until(() => told.length > 0)
  expect(entered).toBe(false)
  expect(told[0]).toContain('another instance (first)')
  await first.release()
  const second = await waiting
  expect(second.lease.epoch).toBe(first.lease.epoch + 1)
  await second.release()
})

it('a killed holder is waited for no longer than its lease lasts', async () => {
  // Killed: nobody renews it, and nobody lets go.
  await acquireLease(db, { name: 'killed', holder: 'dead', ttlMs: 300 })
  const held = await hold('killed', 'next')
  expect(held.lease).toMatchObject({ holder: 'next', epoch: 2 })
  await held.release()
})

it('is sure of a lease while no other can have it, and not once it stood still for too long', async () => {
  let [monotonic, now] = [0, 0]
  const clock = {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + monotonic,
    now: () => systemClock.now() + now,
  }
  const signal = new AbortController().signal
  const rest = { onWait: () => undefined, onLost: () => undefined }
  const held = await holdLease({ db, name: 'sure', holder: 'one', clock, signal, ...rest })
  await until(() => held.isSure())
  // A process that was stopped sees one clock ahead, a machine that slept the other.
  monotonic = LEASE_TTL_MS
  expect(held.isSure()).toBe(false)
  ;[monotonic, now] = [0, LEASE_TTL_MS]
  expect(held.isSure()).toBe(false)
  now = 0
  expect(held.isSure()).toBe(true)
  await held.release()
  expect(held.isSure()).toBe(false)
})

it('a paused holder learns that it lost its lease, and its writes are refused by epoch', async () => {
  const lost: unknown[] = []
  const paused = await hold('paused', 'sleeper', [], lost)
  // What a long pause does: the lease runs out and another takes it. In one step: here nobody is paused.
  await db.transaction(async (tx) => {
    await sql`update lease set expires_at = to_timestamp(0) where name = 'paused'`.execute(tx)
    const next = await acquireLease(tx, { name: 'paused', holder: 'next', ttlMs: 60_000 })
    expect(next.acquired).toBe(true)
  })
  const store = postgresStore(db as never, {
    kind: 'durable',
    lease: () => paused.lease,
    clock: systemClock,
    signal: new AbortController().signal,
    onWait: () => undefined,
  })
  const write = store.commit({
    checkpoint: { tapeSeq: 1, nextSeq: 1, runId: null, state: null },
    outbox: [],
    project: null,
  })
  await expect(write).rejects.toMatchObject({ code: 'LEASE_LOST' })
  await until(() => lost.length > 0)
  expect(lost[0]).toMatchObject({ code: 'LEASE_LOST' })
  await paused.release()
})
