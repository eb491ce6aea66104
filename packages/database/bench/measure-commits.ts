import { commitEffects, namedStatement, sql } from '@tapedeck/database'
import type { BaseTables, Database, OutboxRow } from '@tapedeck/database'

/** Commits a second by the median, and how they compare with the bare insert of the same run. */
export interface CommitRate {
  readonly name: string
  readonly commitsPerSecond: number
  readonly ratioToBareInsert: number
}

export type CommitTables = BaseTables & { bare: { id: number; bytes: Buffer } }

const EVENT = Buffer.from(JSON.stringify({ payload: 'x'.repeat(1_000) }))
const STATE = { positions: Array.from({ length: 20 }, (_, id) => ({ id, quantity: '1.5' })) }

const bareInsert = namedStatement<never>(
  'bench_bare_insert',
  'insert into bare (id, bytes) values ($1, $2)',
)

let nextSeq = 1
let tapeSeq = 0
let bareId = 0

const outboxOf = (count: number): OutboxRow[] =>
  Array.from({ length: count }, () => ({
    seq: nextSeq++,
    type: 'execution.order.changed',
    subject: 'tape.execution.order_changed.paper',
    eventId: crypto.randomUUID(),
    bytes: EVENT,
  }))

const commit = (db: Database<CommitTables>, count: number, project: boolean): Promise<void> => {
  const outbox = outboxOf(count)
  return commitEffects(db, {
    lease: { name: 'bench', epoch: 1 },
    checkpoint: { tapeSeq: (tapeSeq += 1), nextSeq, runId: null, state: STATE },
    outbox,
    ...(project
      ? { project: async (tx) => void (await bareInsert(tx, [(bareId += 1), EVENT])) }
      : {}),
  })
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/**
 * One connection, one commit after the other, 1 KB events, a checkpoint of about 1 KB. The kinds take
 * turns commit by commit, and medians are compared, so that a busy machine is unfair to all alike.
 */
export const measureCommits = async (
  db: Database<CommitTables>,
  turns: number,
): Promise<CommitRate[]> => {
  await sql`create table bare (id bigint primary key, bytes bytea not null)`.execute(db.kysely)
  await sql`insert into lease values ('bench', 'bench', 1, now() + interval '1 day')`.execute(
    db.kysely,
  )
  const cases: [string, () => Promise<unknown>][] = [
    ['bare insert of one 1 KB row', () => bareInsert(db, [(bareId += 1), EVENT])],
    ['commitEffects, 1 event', () => commit(db, 1, false)],
    ['commitEffects, 10 events', () => commit(db, 10, false)],
    ['commitEffects, 64 events', () => commit(db, 64, false)],
    ['commitEffects, 1 event and one projected row', () => commit(db, 1, true)],
  ]
  const samples = cases.map((): number[] => [])
  for (let turn = -turns / 10; turn < turns; turn += 1) {
    for (const [index, [, work]] of cases.entries()) {
      const start = performance.now()
      await work()
      if (turn >= 0) samples[index]?.push(performance.now() - start)
    }
  }
  const medians = samples.map(medianOf)
  return cases.map(([name], index) => ({
    name,
    commitsPerSecond: 1_000 / (medians[index] ?? Number.NaN),
    ratioToBareInsert: (medians[0] ?? Number.NaN) / (medians[index] ?? Number.NaN),
  }))
}
