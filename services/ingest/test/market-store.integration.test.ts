import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { TapedeckError } from '@tapedeck/contracts'
import { type Database, loadCheckpoint, openDatabase, provisionService } from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'
import { golden, rowsOf, sealed } from '@tapedeck/service-testkit'
import { withPostgres } from '@tapedeck/testkit'
import fc from 'fast-check'
import { MarketStore } from '../src/market-store.ts'
import { MIGRATIONS, type Tables } from '../src/migrations.ts'

const postgres = withPostgres()
let db: Database<Tables>

beforeAll(async () => {
  const { url, schema } = await provisionService({
    adminUrl: postgres().url,
    service: 'ingest',
    password: 'a password of a test',
    migrations: MIGRATIONS,
  })
  db = openDatabase<Tables>({ url, schema, applicationName: 'test', maxConnections: 2 })
})
afterAll(async () => await db.close())

const [EXAMPLE] = sealed([golden('market.trades')])

/** Batch number `seq` of a run: four prints with ids that no other batch has. */
const batch = (runId: string, seq: number): Sealed => {
  const message = golden('market.trades')
  const { payload } = message
  const id = payload.id.map((_, i) => seq * 4 + i)
  return {
    ...EXAMPLE!,
    seq,
    message: { ...message, seq, run_id: runId, payload: { ...payload, id } },
  }
}

const checkpoint = (runId: string, nextSeq: number) => ({
  tapeSeq: nextSeq,
  nextSeq,
  runId,
  state: { at: nextSeq },
})
const idsOf = async (runId: string) => {
  const { trade } = await rowsOf(db, ['trade'])
  return (trade as { run_id: string; id: number }[])
    .filter((row) => row.run_id === runId)
    .map(({ id }) => id)
    .toSorted((a, b) => a - b)
}

/** The same database; the answer to the next transaction is lost, or it never arrives. */
const failingOnce = (how: 'answer' | 'request'): Database<Tables> => {
  let left = 1
  return {
    ...db,
    transaction: async (work, settings) => {
      if (how === 'request' && left-- > 0) throw new TapedeckError('POSTGRES_UNREACHABLE', 'away')
      const result = await db.transaction(work, settings)
      if (how === 'answer' && left-- > 0) throw new TapedeckError('POSTGRES_UNREACHABLE', 'away')
      return result
    },
  }
}

it.each(['answer', 'request'] as const)(
  'stores each print once when the %s of a save was lost',
  async (how) => {
    const run = randomUUID()
    const { nextSeq: first } = await loadCheckpoint(db)
    const store = new MarketStore(failingOnce(how))
    store.note(batch(run, first))
    const mark = checkpoint(run, first + 1)
    await expect(store.save(mark)).rejects.toMatchObject({ code: 'POSTGRES_UNREACHABLE' })
    expect(store.waiting).toBe(4)
    await store.save(mark)
    expect(store.waiting).toBe(0)
    expect(await idsOf(run)).toEqual([0, 1, 2, 3].map((i) => first * 4 + i))
  },
)

it('what a mark does not cover waits for the next', async () => {
  const run = randomUUID()
  const { nextSeq: first } = await loadCheckpoint(db)
  const store = new MarketStore(db)
  store.note(batch(run, first))
  store.note(batch(run, first + 1))
  await store.save(checkpoint(run, first + 1))
  expect(await idsOf(run)).toHaveLength(4)
  expect(store.waiting).toBe(4)
  await store.save(checkpoint(run, first + 2))
  expect(await idsOf(run)).toHaveLength(8)
})

it('holds every print exactly once, wherever the process is killed', async () => {
  const action = fc.constantFrom('note', 'note', 'save', 'kill')
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
      const run = randomUUID()
      const { nextSeq: first } = await loadCheckpoint(db)
      let store = new MarketStore(db)
      let next = first
      for (const what of actions) {
        if (what === 'note') store.note(batch(run, next++))
        else if (what === 'save') await store.save(checkpoint(run, next))
        else {
          // The next process plays again from the mark, and composes the same batches.
          store = new MarketStore(db)
          ;({ nextSeq: next } = await loadCheckpoint(db))
        }
      }
      await store.save(checkpoint(run, next))
      const expected = Array.from({ length: (next - first) * 4 }, (_, i) => first * 4 + i)
      expect(await idsOf(run)).toEqual(expected)
    }),
    { numRuns: 20 },
  )
})
