import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { testTrading } from '@tapedeck/test-data'
import { listArchiveRuns } from '../archive/index.ts'
import { writeArchive } from '../archive/write-archive.fixture.ts'
import { type RunReport, verdictOf, verifyRun } from './index.ts'
import { inMembers, record, tradedMarket } from './recorded-session.fixture.ts'

const RUN = '00000000-0000-5000-8000-000000000002'
const folder = mkdtempSync(join(tmpdir(), 'tapedeck-damaged-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A minute of the market, as the journal would have archived it: two segments, several members, a configuration. */
const trading = testTrading()
const tape = record(tradedMarket(1), { runId: RUN, trading })
const members = inMembers(tape, 40)
writeArchive(folder, RUN, [members.slice(0, 2), members.slice(2)], trading)
const run = listArchiveRuns(folder)[0]!
const config = join(
  run.folder,
  readdirSync(run.folder).find((name) => name.endsWith('.json'))!,
)

const verify = async (): Promise<RunReport> => await verifyRun(run)

const changing = async (
  file: string,
  change: (bytes: Buffer) => void,
  check: () => Promise<void>,
): Promise<void> => {
  const whole = readFileSync(file)
  const bytes = Buffer.from(whole)
  change(bytes)
  writeFileSync(file, bytes)
  try {
    await check()
  } finally {
    writeFileSync(file, whole)
  }
}

describe('an archive with one bit changed', () => {
  it('is equal as long as it is whole', async () => {
    expect(members.length).toBeGreaterThan(4)
    const report = await verifyRun(run)
    expect(verdictOf([report])).toBe('equal')
    expect(report.ended).toBe(true)
  })

  it('is never equal, wherever the bit lies, and says which file and which tape sequences', async () => {
    const anyBit = fc.constantFrom(...run.segments).chain((file) =>
      fc.record({
        file: fc.constant(file),
        bit: fc.nat(readFileSync(file).length * 8 - 1),
      }),
    )
    await fc.assert(
      fc.asyncProperty(anyBit, async ({ file, bit }) => {
        await changing(
          file,
          (bytes) => {
            bytes[bit >> 3]! ^= 1 << (bit & 7)
          },
          async () => {
            const report = await verify()
            expect(verdictOf([report])).not.toBe('equal')
            expect(report.damage[0]).toMatchObject({ file, from_seq: expect.any(Number) })
            expect(report.differences_total).toBe(0)
          },
        )
      }),
      { numRuns: 200 },
    )
  }, 300_000)

  it('in the recorded configuration: it is not computed by', async () => {
    await changing(
      config,
      (bytes) => {
        bytes[200]! ^= 4
      },
      async () => {
        await expect(verifyRun(run)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
      },
    )
  })

  it('counts what could not be computed behind the damage', async () => {
    await changing(
      run.segments[0]!,
      (bytes) => {
        bytes[100]! ^= 1
      },
      async () => {
        const report = await verify()
        const unchecked = Object.values(report.types).reduce(
          (sum, one) => sum + (one.unchecked.AFTER_DAMAGE ?? 0),
          0,
        )
        expect(report.damage).toMatchObject([{ offset: 0, from_seq: 1, to_seq: 40 }])
        expect(unchecked).toBe(tape.length - 40)
      },
    )
  })

  it('a file that was cut anywhere, or is gone, is found', async () => {
    const [first, second] = run.segments as [string, string]
    const whole = readFileSync(second)
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        truncateSync(second, length)
        const report = await verify()
        writeFileSync(second, whole)
        // Cut between two members, what is left is whole: it only does not end.
        expect(report.ended && report.damage.length === 0).toBe(false)
        expect(report.differences_total).toBe(0)
      }),
      { numRuns: 50 },
    )
    const kept = readFileSync(first)
    rmSync(first)
    const report = await verifyRun(listArchiveRuns(folder)[0]!)
    writeFileSync(first, kept)
    expect(report.damage[0]).toMatchObject({ kind: 'MESSAGES_LOST', from_seq: 1, to_seq: 80 })
  })
})
