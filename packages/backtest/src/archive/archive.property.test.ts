import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type ArchiveDamage,
  type ArchivedMessage,
  listArchiveRuns,
  readArchiveRun,
} from './index.ts'
import { type Placed, clocks, writeArchive } from './write-archive.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-archive-'))
afterAll(() => rmSync(folder, { recursive: true }))

let runs = 0
const newRun = (): string => `00000000-0000-5000-8000-${String(++runs).padStart(12, '0')}`

const readAll = async (
  runId: string,
): Promise<{ found: ArchivedMessage[]; damage: ArchiveDamage[] }> => {
  const run = listArchiveRuns(folder).find((one) => one.runId === runId)!
  const damage: ArchiveDamage[] = []
  const found: ArchivedMessage[] = []
  for await (const message of readArchiveRun(run, { onDamage: (one) => damage.push(one) }))
    found.push(message)
  return { found, damage }
}

/** Two segments of two members each; the tape has holes where messages of others lie. */
const small = (runId: string) => {
  const placed = clocks(runId, [1, 2, 3, 5, 6, 9, 10, 11])
  const two = (from: number): Placed[] => placed.slice(from, from + 2)
  return {
    placed,
    members: writeArchive(folder, runId, [
      [two(0), two(2)],
      [two(4), two(6)],
    ]),
  }
}

const seqs = (found: readonly ArchivedMessage[]): number[] => found.map(({ tapeSeq }) => tapeSeq)

describe('a whole archive', () => {
  it('gives every message in tape order, with its place', async () => {
    const run = newRun()
    const { placed, members } = small(run)
    const { found, damage } = await readAll(run)
    expect(damage).toEqual([])
    expect(found.map(({ tapeSeq, message }) => ({ tapeSeq, message }))).toEqual(placed)
    expect(found[3]).toMatchObject({
      subject: 'tape.market.clock.run',
      place: { file: members[1]!.file, memberOffset: members[1]!.offset, line: 2 },
    })
    expect(JSON.parse(new TextDecoder().decode(found[3]!.bytes))).toEqual(placed[3]!.message)
  })

  it('is what any reader of gzip reads', () => {
    const run = newRun()
    const { members } = small(run)
    const text = gunzipSync(readFileSync(members[0]!.file)).toString('utf8')
    expect(text.trimEnd().split('\n')).toHaveLength(4)
  })

  it('gives only the types that were asked for', async () => {
    const run = newRun()
    small(run)
    const of = listArchiveRuns(folder).find(({ runId }) => runId === run)!
    const found = await Array.fromAsync(readArchiveRun(of, { types: ['market.trades'] }))
    expect(found).toEqual([])
  })
})

describe('damage', () => {
  it('a missing segment is told with the sequences that it held', async () => {
    const run = newRun()
    const { members } = small(run)
    rmSync(members[0]!.file)
    const { found, damage } = await readAll(run)
    expect(seqs(found)).toEqual([6, 9, 10, 11])
    expect(damage).toMatchObject([{ kind: 'MESSAGES_LOST', from_seq: 1, to_seq: 5, offset: 0 }])
  })

  it('without a listener the first damage is thrown, behind what came before it', async () => {
    const run = newRun()
    const { members } = small(run)
    const { file, offset } = members[2]!
    const bytes = readFileSync(file)
    bytes[offset + 60]! ^= 1
    writeFileSync(file, bytes)
    const of = listArchiveRuns(folder).find(({ runId }) => runId === run)!
    const found: number[] = []
    await expect(
      (async () => {
        for await (const { tapeSeq } of readArchiveRun(of)) found.push(tapeSeq)
      })(),
    ).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
      details: { kind: 'MEMBER_DAMAGED', file, offset, from_seq: 6, to_seq: 9 },
    })
    expect(found).toEqual([1, 2, 3, 5])
  })

  it('a single bit, wherever it lies: only its member is lost, and told with its place', async () => {
    const run = newRun()
    const { members } = small(run)
    const ranges = [
      [1, 2],
      [3, 5],
      [6, 9],
      [10, null],
    ] as const
    for (const [i, { file, offset, bytes: length }] of members.entries()) {
      const whole = readFileSync(file)
      // Every bit of the frame and the end; of the compressed text between, every seventh.
      const isInside = (bit: number): boolean => bit > 60 * 8 && bit < (length - 12) * 8
      for (let bit = i; bit < length * 8; bit += isInside(bit) ? 7 : 1) {
        const bytes = Buffer.from(whole)
        bytes[offset + (bit >> 3)]! ^= 1 << (bit & 7)
        writeFileSync(file, bytes)
        const { found, damage } = await readAll(run)
        const [from_seq, to_seq] = ranges[i]!
        expect({ bit, damage }).toMatchObject({ bit, damage: [{ file, offset, from_seq, to_seq }] })
        expect(found).toHaveLength(6)
      }
      writeFileSync(file, whole)
    }
  }, 300_000)

  it('a file that ends too early, wherever: what is whole is read, the rest is told', async () => {
    const run = newRun()
    const { members } = small(run)
    const { file, offset, bytes } = members[3]!
    for (let length = offset + bytes - 1; length > offset; length--) {
      truncateSync(file, length)
      const { found, damage } = await readAll(run)
      expect(seqs(found)).toEqual([1, 2, 3, 5, 6, 9])
      expect({ length, damage }).toMatchObject({
        length,
        damage: [{ kind: 'CUT_OFF', file, offset, from_seq: 10, to_seq: null }],
      })
    }
  })

  it('any bytes instead of a segment: damage, never a crash, never a message that was not written', async () => {
    const run = newRun()
    const { placed, members } = small(run)
    const { file } = members[0]!
    const whole = readFileSync(file)
    const spoiled = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.nat(whole.length), fc.uint8Array({ minLength: 1, maxLength: 20 }))
        .map(([at, bytes]) =>
          Uint8Array.from([...whole.subarray(0, at), ...bytes, ...whole.subarray(at)]),
        ),
      fc
        .tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 200 }))
        .map(([at, count]) =>
          Uint8Array.from([...whole.subarray(0, at), ...whole.subarray(at + count)]),
        ),
    )
    const known = new Set(placed.map(({ message }) => JSON.stringify(message)))
    await fc.assert(
      fc.asyncProperty(spoiled, async (bytes) => {
        writeFileSync(file, bytes)
        const { found, damage } = await readAll(run)
        expect(damage.length).toBeGreaterThan(0)
        for (const { message } of found) expect(known.has(JSON.stringify(message))).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('lines that are no messages, in members that are whole', async () => {
    const run = newRun()
    const placed = clocks(run, [1, 2, 3])
    const foreign = { ...placed[1]!.message, run_id: newRun() }
    const broken = { ...placed[2]!.message, payload: { at: 'noon' } } as never
    writeArchive(folder, run, [
      [[placed[0]!, { tapeSeq: 2, message: foreign }, { tapeSeq: 3, message: broken }]],
    ])
    const { found, damage } = await readAll(run)
    expect(seqs(found)).toEqual([1])
    expect(damage).toMatchObject([
      { kind: 'MESSAGE_UNREADABLE', from_seq: 2, what: expect.stringContaining('belongs to run') },
      { kind: 'MESSAGE_UNREADABLE', from_seq: 3, what: expect.stringContaining('PAYLOAD_INVALID') },
    ])
  })

  it('no archive at all is said', () => {
    expect(() => listArchiveRuns(join(folder, 'nowhere'))).toThrow('there is no archive')
  })
})
