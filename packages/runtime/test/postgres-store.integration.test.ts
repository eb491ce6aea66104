import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TapedeckError } from '@tapedeck/contracts'
import {
  type BaseTables,
  type Database,
  openDatabase,
  provisionService,
  sql,
} from '@tapedeck/database'
import { withPostgres } from '@tapedeck/testkit'
import { systemClock } from '../src/index.ts'
import type { Checkpoint, OutboxRecord } from '../src/processing/index.ts'
import { postgresStore } from '../src/service/postgres-store.ts'

interface Tables extends BaseTables {
  ledger: { seq: number }
}
type Db = Database<Tables>

const postgres = withPostgres()
const RUN = '11111111-1111-5111-8111-111111111111'
let db: Db

beforeAll(async () => {
  const { url, schema } = await provisionService({
    adminUrl: postgres().url,
    service: 'risk',
    password: 'a password of a test',
    migrations: {
      '0001_ledger': {
        up: async (on) => await sql`create table ledger (seq bigint not null)`.execute(on),
      },
    },
  })
  db = openDatabase<Tables>({ url, schema, applicationName: 'test', maxConnections: 2 })
})
afterAll(async () => await db.close())

const away = () => new TapedeckError('POSTGRES_UNREACHABLE', 'the connection broke')

/** A database whose answers get lost, or whose requests never arrive, as often as told. */
const unreliable = (lose: { answers: number; requests: number }): Db => {
  const through = async <R>(work: () => Promise<R>): Promise<R> => {
    if (lose.requests-- > 0) throw away()
    const result = await work()
    if (lose.answers-- > 0) throw away()
    return result
  }
  return {
    ...db,
    transaction: async (work, settings) =>
      await through(async () => await db.transaction(work, settings)),
  }
}

const checkpoint = (tapeSeq: number, nextSeq: number): Checkpoint => ({
  tapeSeq,
  nextSeq,
  runId: RUN,
  state: { at: tapeSeq },
})
const row = (seq: number): OutboxRecord => ({
  seq,
  type: 'risk.flatten.requested',
  subject: 'tape.risk.flatten.requested.paper',
  eventId: `00000000-0000-5000-8000-${String(seq).padStart(12, '0')}`,
  bytes: new Uint8Array([seq]),
})
const storeOn = (on: Db, kind: 'stream' | 'durable') =>
  postgresStore(on, {
    kind,
    lease: () => null,
    clock: { ...systemClock, sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
    onWait: () => undefined,
  })
const ledger = async () =>
  (await db.kysely.selectFrom('ledger').select('seq').orderBy('seq').execute()).map((r) => r.seq)

describe.each(['stream', 'durable'] as const)('a %s service', (kind) => {
  it.each([
    ['the answer was lost', { answers: 1, requests: 0 }],
    ['the request was lost', { answers: 0, requests: 2 }],
    ['both were', { answers: 2, requests: 1 }],
  ])('writes once when %s', async (_what, lose) => {
    const { tapeSeq, nextSeq } = await storeOn(db, kind).checkpoint()
    const store = storeOn(unreliable({ ...lose }), kind)
    const next = checkpoint(tapeSeq + 7, nextSeq + 1)
    await store.commit({
      checkpoint: next,
      outbox: [row(nextSeq)],
      project: async (tx) => {
        await tx.insertInto('ledger').values({ seq: nextSeq }).execute()
      },
    })
    expect((await ledger()).filter((seq) => seq === nextSeq)).toEqual([nextSeq])
    expect(await storeOn(db, kind).checkpoint()).toEqual(next)
    expect(await store.outboxAfter(nextSeq - 1, 5)).toHaveLength(1)
  })

  it('writes a commit without outputs once, too', async () => {
    const { tapeSeq, nextSeq } = await storeOn(db, kind).checkpoint()
    const before = (await ledger()).length
    await storeOn(unreliable({ answers: 1, requests: 0 }), kind).commit({
      checkpoint: checkpoint(tapeSeq + 1, nextSeq),
      outbox: [],
      project: async (tx) => {
        await tx.insertInto('ledger').values({ seq: 0 }).execute()
      },
    })
    expect(await ledger()).toHaveLength(before + 1)
  })

  it('waits while a disk is full, and then writes once', async () => {
    const { tapeSeq, nextSeq } = await storeOn(db, kind).checkpoint()
    const before = (await ledger()).length
    let full = 3
    await storeOn(db, kind).commit({
      checkpoint: checkpoint(tapeSeq + 1, nextSeq),
      outbox: [],
      project: async (tx) => {
        await tx.insertInto('ledger').values({ seq: 0 }).execute()
        if (full-- > 0) throw new TapedeckError('DISK_FULL', 'no space left for the archive')
      },
    })
    expect(await ledger()).toHaveLength(before + 1)
  })

  it('refuses a checkpoint that goes back, and writes nothing of it', async () => {
    const { tapeSeq, nextSeq } = await storeOn(db, kind).checkpoint()
    const before = await ledger()
    const commit = storeOn(db, kind).commit({
      checkpoint: checkpoint(tapeSeq - 1, nextSeq),
      outbox: [],
      project: async (tx) => {
        await tx.insertInto('ledger').values({ seq: 99 }).execute()
      },
    })
    await expect(commit).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' })
    expect(await ledger()).toEqual(before)
  })
})
