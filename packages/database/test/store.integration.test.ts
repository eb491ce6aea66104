import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  abandonIdempotent,
  acquireLease,
  appendOutbox,
  assertLease,
  beginIdempotent,
  commitEffects,
  completeIdempotent,
  loadCheckpoint,
  lowerMark,
  markPublished,
  outboxAfter,
  pruneIdempotency,
  pruneOutbox,
  releaseLease,
  renewLease,
  rewindCheckpoint,
  saveCheckpoint,
  sql,
  unpublishAfter,
  unpublished,
} from '@tapedeck/database'
import type { BaseTables, Checkpoint, Database, Lease, OutboxRow } from '@tapedeck/database'
import { withPostgres } from '@tapedeck/testkit'
import { codeOf, openService } from './open-service.ts'

type Tables = BaseTables & { fill: { id: string } }

// With fsync: what was answered must outlive a kill.
const postgres = withPostgres({ fsync: true })
let db: Database<Tables>
beforeAll(async () => {
  db = await openService<Tables>(postgres().url, 'store', {
    '0001-fills': { up: (d) => sql`create table fill (id text primary key)`.execute(d) },
  })
})
afterAll(() => db.close())
beforeEach(async () => {
  await sql`truncate outbox, lease, idempotency, checkpoint_history, fill`.execute(db.kysely)
  await sql`update checkpoint set tape_seq = 0, next_seq = 1, run_id = null, state = null,
    encoding = 'json'`.execute(db.kysely)
})

const RUN = randomUUID()
const at = (tapeSeq: number, nextSeq: number, state: unknown = { at: tapeSeq }): Checkpoint => ({
  tapeSeq,
  nextSeq,
  runId: RUN,
  state,
})
const row = (seq: number, more: Partial<OutboxRow> = {}): OutboxRow => ({
  seq,
  type: 'execution.order.changed',
  subject: 'tape.execution.order_changed.paper',
  eventId: randomUUID(),
  bytes: Buffer.from(`{"seq":${seq},"text":"ü\\u0000"}`),
  ...more,
})
const rows = (first: number, count: number): OutboxRow[] =>
  Array.from({ length: count }, (_, index) => row(first + index))
const seqs = (list: readonly { seq: number }[]): number[] => list.map(({ seq }) => seq)
const take = async (holder = 'a', ttlMs = 60_000): Promise<Lease> => {
  const result = await acquireLease(db, { name: 'account', holder, ttlMs })
  if (!result.acquired) throw new Error('the lease is held')
  return result.lease
}
const expireLease = () =>
  sql`update lease set expires_at = now() - interval '1 s'`.execute(db.kysely)

describe('checkpoint', () => {
  it('starts before the first message', async () => {
    expect(await loadCheckpoint(db)).toEqual({ tapeSeq: 0, nextSeq: 1, runId: null, state: null })
  })

  it.each<[string, unknown]>([
    ['key order', { b: 1, a: { z: [], y: {} }, '10': 1, '9': 2 }],
    ['text', { text: `"\\ü\u2028😀\u0000` }],
    ['numbers', [0.1 + 0.2, 1e-7, 5e-324, 1.7976931348623157e308, 9_007_199_254_740_991]],
    ['null and false', { a: null, b: false, c: '', d: 0 }],
    ['several MB', { rows: Array.from({ length: 60_000 }, (_, i) => ({ i, p: Math.sin(i) })) }],
  ])('restores %s exactly', async (_name, state) => {
    await saveCheckpoint(db, at(5, 2, state))
    const loaded = await loadCheckpoint(db)
    expect(JSON.stringify(loaded.state)).toBe(JSON.stringify(state))
    expect(loaded).toMatchObject({ tapeSeq: 5, nextSeq: 2, runId: RUN })
  })

  it.each([
    [9, 5],
    [10, 4],
  ])('does not go back to tape_seq %i, next_seq %i', async (tapeSeq, nextSeq) => {
    await saveCheckpoint(db, at(10, 5))
    expect(await codeOf(saveCheckpoint(db, at(tapeSeq, nextSeq)))).toBe('CHECKPOINT_MOVED')
    expect(await loadCheckpoint(db)).toEqual(at(10, 5))
  })

  it('keeps three older ones, a minute apart, and falls back to the newest that fits', async () => {
    const minuteLater = () =>
      sql`update checkpoint_history set kept_at = kept_at - interval '61 s'`.execute(db.kysely)
    for (let n = 1; n <= 6; n += 1) {
      await saveCheckpoint(db, at(n * 10, n))
      await saveCheckpoint(db, at(n * 10 + 1, n))
      await minuteLater()
    }
    const kept = await db.kysely.selectFrom('checkpoint_history').select('tape_seq').execute()
    expect(kept.map(({ tape_seq }) => tape_seq).toSorted((a, b) => a - b)).toEqual([31, 41, 51])
    expect(await rewindCheckpoint(db, 61)).toEqual(at(61, 6))
    expect(await rewindCheckpoint(db, 45)).toEqual(at(41, 4))
    expect(await loadCheckpoint(db)).toEqual(at(41, 4))
    await saveCheckpoint(db, at(42, 5))
    expect(await rewindCheckpoint(db, 7)).toMatchObject({ tapeSeq: 0, nextSeq: 1, state: null })
    expect(await loadCheckpoint(db)).toMatchObject({ tapeSeq: 0, nextSeq: 1, state: null })
  })

  it('lowers only the mark for a durable service', async () => {
    await saveCheckpoint(db, at(50, 9))
    expect(await lowerMark(db, 40)).toEqual({ ...at(50, 9), tapeSeq: 40 })
    expect(await lowerMark(db, 45)).toMatchObject({ tapeSeq: 40 })
  })
})

describe('outbox', () => {
  it('gives back what was put in, in order, until it is published', async () => {
    const sent = [row(1), row(2, { bytes: Buffer.alloc(0) }), row(3, { traceparent: '00-a-b-01' })]
    sent.push(row(4, { bytes: Buffer.from([0, 255, 92, 10]), subject: 'a,{}"\\ ü' }))
    await appendOutbox(db, sent)
    const stored = sent.map((r) => Object.assign({ traceparent: null, tapeSeq: null }, r))
    expect(await unpublished(db, 10)).toEqual(stored)
    await markPublished(db, [
      { seq: 2, tapeSeq: 101 },
      { seq: 1, tapeSeq: 100 },
    ])
    await markPublished(db, [])
    expect(seqs(await unpublished(db, 1))).toEqual([3])
    expect((await outboxAfter(db, 1, 2)).map((r) => [r.seq, r.tapeSeq])).toEqual([
      [2, 101],
      [3, null],
    ])
  })

  it('refuses the same seq and the same event twice', async () => {
    const [first] = rows(1, 1) as [OutboxRow]
    await appendOutbox(db, [first])
    expect(await codeOf(appendOutbox(db, [row(1)]))).toBe('23505')
    expect(await codeOf(appendOutbox(db, [row(2, { eventId: first.eventId })]))).toBe('23505')
    expect(seqs(await unpublished(db, 10))).toEqual([1])
  })

  it('counts a lost tail as unpublished again', async () => {
    await appendOutbox(db, rows(1, 4))
    await markPublished(
      db,
      [1, 2, 3].map((seq) => ({ seq, tapeSeq: 100 + seq })),
    )
    expect(await unpublishAfter(db, 101)).toBe(2)
    expect(seqs(await unpublished(db, 10))).toEqual([2, 3, 4])
  })

  it('forgets what is old and published, nothing else', async () => {
    await appendOutbox(db, rows(1, 12_000))
    await sql`update outbox set tape_seq = seq where seq <> 3`.execute(db.kysely)
    await sql`update outbox set created_at = now() - interval '8 days' where seq <= 11000`.execute(
      db.kysely,
    )
    expect(await pruneOutbox(db, new Date(Date.now() - 7 * 86_400_000))).toBe(10_999)
    expect(seqs(await outboxAfter(db, 0, 2))).toEqual([3, 11_001])
  })
})

describe('lease', () => {
  it('is held by one, and raises its epoch for the next', async () => {
    const first = await take('a')
    expect(first.epoch).toBe(1)
    const refused = await acquireLease(db, { name: 'account', holder: 'b', ttlMs: 1_000 })
    expect(refused).toMatchObject({ acquired: false, heldBy: 'a' })
    expect((refused as { expiresInMs: number }).expiresInMs).toBeGreaterThan(50_000)
    await expireLease()
    await renewLease(db, first, 60_000)
    await expireLease()
    const second = await take('b')
    expect(second.epoch).toBe(2)
    expect(await codeOf(renewLease(db, first, 60_000))).toBe('LEASE_LOST')
    await releaseLease(db, first)
    expect(await codeOf(assertLease(db, second))).toBe('none')
    await releaseLease(db, second)
    expect(await codeOf(assertLease(db, second))).toBe('LEASE_LOST')
    expect((await take('c')).epoch).toBe(3)
  })

  it('goes to exactly one of many who ask at once', async () => {
    const requests = Array.from({ length: 20 }, (_, i) => ({ name: 'race', holder: `h${i}` }))
    const results = await Promise.all(
      requests.map(({ name, holder }) => acquireLease(db, { name, holder, ttlMs: 60_000 })),
    )
    expect(results.filter(({ acquired }) => acquired)).toHaveLength(1)
  })

  it('keeps a new holder waiting until the transaction that asserted it ends', async () => {
    const old = await take('a')
    await expireLease()
    const order: string[] = []
    let taken: Promise<unknown> = Promise.resolve()
    await db.transaction(async (tx) => {
      await assertLease(tx, old)
      taken = take('b').then(() => order.push('taken'))
      await sql`select pg_sleep(0.1)`.execute(tx)
      order.push('committed')
    })
    await taken
    expect(order).toEqual(['committed', 'taken'])
    expect(await codeOf(db.transaction((tx) => assertLease(tx, old)))).toBe('LEASE_LOST')
  })
})

const nothingWritten = async (): Promise<void> => {
  expect(await loadCheckpoint(db)).toMatchObject({ tapeSeq: 0, nextSeq: 1 })
  expect(await unpublished(db, 10)).toEqual([])
  expect(await db.kysely.selectFrom('fill').selectAll().execute()).toEqual([])
}
const fill =
  (id: string) =>
  async (tx: Database<Tables>['kysely']): Promise<void> => {
    await tx.insertInto('fill').values({ id }).execute()
  }

describe('commitEffects', () => {
  it.each([[false], [true]])(
    'writes everything at once (with projections: %s)',
    async (projects) => {
      const lease = await take()
      await commitEffects(db, {
        lease,
        checkpoint: at(7, 3),
        outbox: rows(1, 2),
        ...(projects ? { project: fill('f1') } : {}),
      })
      await commitEffects(db, { lease, checkpoint: at(8, 3), outbox: [] })
      await commitEffects(db, { lease, checkpoint: at(8, 4), outbox: rows(3, 1) })
      expect(await loadCheckpoint(db)).toEqual(at(8, 4))
      expect(seqs(await unpublished(db, 10))).toEqual([1, 2, 3])
      expect(await db.kysely.selectFrom('fill').select('id').execute()).toEqual(
        projects ? [{ id: 'f1' }] : [],
      )
    },
  )

  it.each([[false], [true]])('refuses an old holder (with projections: %s)', async (projects) => {
    const old = await take('a')
    await expireLease()
    await take('b')
    const commit = commitEffects(db, {
      lease: old,
      checkpoint: at(7, 2),
      outbox: rows(1, 1),
      ...(projects ? { project: fill('f1') } : {}),
    })
    expect(await codeOf(commit)).toBe('LEASE_LOST')
    await nothingWritten()
  })

  it('takes everything back when a projection fails', async () => {
    const failing = commitEffects(db, {
      checkpoint: at(7, 2),
      outbox: rows(1, 1),
      project: async (tx) => {
        await fill('f1')(tx)
        await fill('f1')(tx)
      },
    })
    expect(await codeOf(failing)).toBe('23505')
    await nothingWritten()
  })

  it('takes everything back when the outbox refuses a row', async () => {
    const eventId = randomUUID()
    const outbox = [row(1, { eventId }), row(2, { eventId })]
    expect(await codeOf(commitEffects(db, { checkpoint: at(7, 3), outbox }))).toBe('23505')
    await nothingWritten()
  })

  it('does nothing when a commit that went through is tried again', async () => {
    const effects = { checkpoint: at(7, 2), outbox: rows(1, 1), project: fill('f1') }
    await commitEffects(db, effects)
    await expect(commitEffects(db, effects)).rejects.toMatchObject({
      code: 'CHECKPOINT_MOVED',
      next: 'retry',
      details: { stored: { tapeSeq: 7, nextSeq: 2 } },
    })
    expect(seqs(await unpublished(db, 10))).toEqual([1])
  })

  it.each([
    [9, 2, 1, 'CHECKPOINT_MOVED', 'the tape sequence would go back'],
    [11, 4, 3, 'CHECKPOINT_MOVED', 'a seq would be left out'],
    [11, 3, 1, 'RangeError', 'the rows do not lead up to next_seq'],
  ])(
    'refuses tape_seq %i, next_seq %i, first seq %i: %s',
    async (tapeSeq, nextSeq, first, code) => {
      await commitEffects(db, { checkpoint: at(10, 2), outbox: rows(1, 1) })
      const commit = commitEffects(db, { checkpoint: at(tapeSeq, nextSeq), outbox: rows(first, 1) })
      expect(await codeOf(commit)).toMatch(code)
      expect(await loadCheckpoint(db)).toEqual(at(10, 2))
    },
  )

  it('lets one of many writers through for each sequence', async () => {
    const race = Array.from({ length: 12 }, () =>
      codeOf(commitEffects(db, { checkpoint: at(1, 2), outbox: rows(1, 1) })),
    )
    const codes = await Promise.all(race)
    expect(codes.filter((code) => code === 'none')).toHaveLength(1)
    expect(seqs(await unpublished(db, 10))).toEqual([1])
  })

  it('survives a killed server: what was answered is there, and all of it', async () => {
    let answered = 0
    const { promise: enough, resolve: reached } = Promise.withResolvers<null>()
    const writing = (async () => {
      for (let n = 1; ; n += 1) {
        await commitEffects(db, {
          checkpoint: at(n, n + 1),
          outbox: rows(n, 1),
          project: fill(`f${n}`),
        })
        answered = n
        if (n === 50) reached(null)
      }
    })()
    const ended = codeOf(writing)
    await Promise.race([ended, enough])
    await postgres().kill('SIGKILL')
    expect(await ended).toBe('POSTGRES_UNREACHABLE')
    await postgres().restart()
    await db.waitUntilReachable()
    const { tapeSeq, nextSeq } = await loadCheckpoint(db)
    expect([answered, answered + 1]).toContain(tapeSeq)
    expect(nextSeq).toBe(tapeSeq + 1)
    expect(await outboxAfter(db, 0, 100_000)).toHaveLength(tapeSeq)
    const fills = await db.kysely.selectFrom('fill').select('id').execute()
    expect(fills).toHaveLength(tapeSeq)
  })
})

describe('idempotency', () => {
  const request = {
    principal: 'trader',
    route: 'POST /v1/positions',
    key: 'k1',
    fingerprint: 'abc',
  }
  const response = {
    status: 201,
    headers: { etag: '"1"' },
    body: Buffer.from('{"id":"ü"}'),
  }
  const claim = async (more = {}) => {
    const begun = await beginIdempotent(db, { ...request, ...more })
    if (begun.outcome !== 'run') throw new Error('expected to run')
    return begun.claim
  }

  it('runs once, then answers as it did', async () => {
    const claimed = await claim()
    expect(await codeOf(beginIdempotent(db, request))).toBe('IDEMPOTENCY_IN_PROGRESS')
    await db.transaction((tx) => completeIdempotent(tx, claimed, response))
    expect(await beginIdempotent(db, request)).toEqual({ outcome: 'replay', response })
    expect((await beginIdempotent(db, { ...request, principal: 'other' })).outcome).toBe('run')
    expect((await beginIdempotent(db, { ...request, route: 'POST /v1/x' })).outcome).toBe('run')
  })

  it.each(['running', 'done'])('refuses another request under the key while %s', async (state) => {
    const claimed = await claim()
    if (state === 'done') await completeIdempotent(db, claimed, response)
    expect(await codeOf(beginIdempotent(db, { ...request, fingerprint: 'x' }))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    )
  })

  it('stores answer and effect together or not at all', async () => {
    const claimed = await claim()
    const failing = db.transaction(async (tx) => {
      await completeIdempotent(tx, claimed, response)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await abandonIdempotent(db, claimed)
    expect((await claim()).attempt).toBe(1)
  })

  it('lets an abandoned run be taken over, and refuses the late one', async () => {
    const first = await claim({ runMsMax: 0 })
    const second = await claim()
    expect(second.attempt).toBe(2)
    expect(await codeOf(completeIdempotent(db, first, response))).toBe('IDEMPOTENCY_IN_PROGRESS')
    await abandonIdempotent(db, first)
    await completeIdempotent(db, second, response)
    await abandonIdempotent(db, second)
    expect((await beginIdempotent(db, request)).outcome).toBe('replay')
  })

  it('forgets an answer past its time', async () => {
    await completeIdempotent(db, await claim({ keepMs: 0 }), response)
    expect((await claim({ fingerprint: 'new' })).attempt).toBe(2)
    await sql`update idempotency set expires_at = now()`.execute(db.kysely)
    expect(await pruneIdempotency(db)).toBe(1)
  })

  it('lets one of many through', async () => {
    const codes = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(beginIdempotent(db, request))),
    )
    expect(codes.filter((code) => code === 'none')).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['none', 'IDEMPOTENCY_IN_PROGRESS']))
  })
})
