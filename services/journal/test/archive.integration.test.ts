import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type MemberFrame,
  type Message,
  TradingConfig,
  isIntactMember,
  readFrame,
  shortHash,
} from '@tapedeck/contracts'
import { type Database, openDatabase, provisionService } from '@tapedeck/database'
import type { Handled } from '@tapedeck/runtime'
import { testTrading } from '@tapedeck/test-data'
import { makeTestFolder, removeTestFolder, withPostgres } from '@tapedeck/testkit'
import fc from 'fast-check'
import { TapeArchive } from '../src/archive.ts'
import { MIGRATIONS, type Tables } from '../src/migrations.ts'

const TRADING = testTrading()

const postgres = withPostgres()
const folder = makeTestFolder('archive')
const archive = new TapeArchive(folder, TRADING)
let db: Database<Tables>

beforeAll(async () => {
  const { url, schema } = await provisionService({
    adminUrl: postgres().url,
    service: 'journal',
    password: 'a password of a test',
    migrations: MIGRATIONS,
  })
  db = openDatabase<Tables>({ url, schema, applicationName: 'test', maxConnections: 2 })
})
afterAll(async () => {
  await db.close()
  removeTestFolder(folder)
})

let runs = 0
const newRun = (): string => `00000000-0000-5000-8000-${String(++runs).padStart(12, '0')}`

/** Messages as the journal is handed them; what they say does not matter to the archive. */
const handled = (runId: string, from: number, count: number): Handled[] =>
  Array.from({ length: count }, (_, i) => ({
    message: { run_id: runId } as Message,
    raw: {
      seq: from + i,
      subject: 'tape.market.clock.run',
      bytes: new TextEncoder().encode(JSON.stringify({ seq: from + i, run_id: runId })),
      headers: {},
    },
  }))

class Killed extends Error {}

/** One append in its transaction; `killed` ends it after the file was written, before the commit. */
const append = async (inputs: readonly Handled[], killed = false): Promise<void> => {
  const work = db.transaction(async (tx) => {
    await archive.append(tx, inputs)
    if (killed) throw new Killed()
  })
  await work.catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
}

const segments = async (runId: string) =>
  await db.kysely
    .selectFrom('archive_segment')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('first_seq')
    .execute()

/** Tape sequences that the committed part of a run's files holds, read as any gzip reader would. */
const readBack = async (runId: string): Promise<number[]> => {
  const found: number[] = []
  const framed: MemberFrame[] = []
  for (const { path, bytes } of await segments(runId)) {
    const file = readFileSync(join(folder, path)).subarray(0, bytes)
    for (let at = 0; at < file.length;) {
      const frame = readFrame(file.subarray(at))!
      expect(isIntactMember(file.subarray(at, at + frame.bytes), crc32)).toBe(true)
      expect(frame.previousSeq).toBe(framed.at(-1)?.lastSeq ?? 0)
      framed.push(frame)
      at += frame.bytes
    }
    for (const line of gunzipSync(file).toString('utf8').trimEnd().split('\n')) {
      const [, seq, subject, envelope] = /^(\d+) (\S+) (.+)$/.exec(line)!
      expect(subject).toBe('tape.market.clock.run')
      expect(JSON.parse(envelope!)).toEqual({ seq: Number(seq), run_id: runId })
      found.push(Number(seq))
    }
  }
  return found
}

it('what was written and not committed is cut off before the next append', async () => {
  const run = newRun()
  await append(handled(run, 1, 3))
  await append(handled(run, 4, 5), true)
  expect(await readBack(run)).toEqual([1, 2, 3])
  await append(handled(run, 4, 2))
  expect(await readBack(run)).toEqual([1, 2, 3, 4, 5])
  const [segment] = await segments(run)
  expect(segment).toMatchObject({ first_seq: 1, last_seq: 5, messages: 5 })
  expect(readFileSync(join(folder, segment!.path))).toHaveLength(segment!.bytes)
})

it('what the run was decided by lies beside it, under its hash', async () => {
  const run = newRun()
  await append(handled(run, 1, 1))
  await append(handled(run, 2, 1))
  const [name, ...more] = readdirSync(join(folder, run)).filter((one) => one.endsWith('.json'))
  expect(more).toEqual([])
  const text = readFileSync(join(folder, run, name!), 'utf8')
  expect(name).toBe(`config-${shortHash(text)}.json`)
  expect(TradingConfig.parse(JSON.parse(text))).toEqual(TRADING)
})

it('a file that lost its end is left as it is, and a new one begins', async () => {
  const run = newRun()
  await append(handled(run, 1, 3))
  const [first] = await segments(run)
  truncateSync(join(folder, first!.path), first!.bytes - 5)
  await append(handled(run, 4, 2))
  const all = await segments(run)
  expect(all.map(({ first_seq }) => first_seq)).toEqual([1, 4])
  const second = gunzipSync(readFileSync(join(folder, all[1]!.path))).toString('utf8')
  expect(second.trimEnd().split('\n')).toHaveLength(2)
})

// The device that is always full; only Linux has it.
const whereFull = existsSync('/dev/full') ? describe : describe.skip
whereFull('on a full disk', () => {
  it('what cannot be written is told, and written once there is space', async () => {
    const run = newRun()
    const file = join(folder, run, `${'1'.padStart(16, '0')}.tape.gz`)
    mkdirSync(join(folder, run))
    symlinkSync('/dev/full', file)
    await expect(append(handled(run, 1, 3))).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await segments(run)).toEqual([])
    unlinkSync(file)
    await append(handled(run, 1, 3))
    expect(await readBack(run)).toEqual([1, 2, 3])
  })
})

it('messages of two runs go to two folders', async () => {
  const [one, other] = [newRun(), newRun()]
  await append([...handled(one, 1, 2), ...handled(other, 3, 2)])
  expect(await readBack(one)).toEqual([1, 2])
  expect(await readBack(other)).toEqual([3, 4])
})

it('holds exactly what was committed, whatever was killed in between', async () => {
  const step = fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    killed: fc.boolean(),
    garbage: fc.uint8Array({ maxLength: 40 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const run = newRun()
      const committed: number[] = []
      let next = 1
      for (const { count, killed, garbage } of steps) {
        const inputs = handled(run, next, count)
        await append(inputs, killed)
        if (!killed) {
          committed.push(...inputs.map(({ raw }) => raw.seq))
          next += count
        }
        const [segment] = await segments(run)
        // What a process that died in the middle of a write leaves behind.
        if (segment !== undefined) appendFileSync(join(folder, segment.path), garbage)
        expect(await readBack(run)).toEqual(committed)
      }
    }),
    { numRuns: 25 },
  )
})
