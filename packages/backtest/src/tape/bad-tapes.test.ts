import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TapedeckError } from '@tapedeck/contracts'
import { B, instrument } from './market-events.fixture.ts'
import { openTape } from './open-tape.ts'
import { playTape } from './play-tape.fixture.ts'
import { smallSession, testFolder, writeTape } from './small-tape.fixture.ts'
import { manifestText, parseManifest, type TapeManifest } from './tape-manifest.ts'
import { verifyTape } from './verify-tape.ts'

const folder = testFolder()
afterAll(folder.remove)
const whole = join(folder.path, 'whole')
const other = join(folder.path, 'other')
const tape = join(folder.path, 'tape')
const TRADES = 'AUSDT/trades-2024-08-08.arrow'

beforeAll(async () => {
  const events = smallSession(120)
  await writeTape(whole, events)
  await writeTape(other, events, { instruments: [instrument('AUSDT', '0.01'), B] })
})

const at = (name: string): string => join(tape, name)
const change = (name: string, edit: (bytes: Buffer) => void): void => {
  const bytes = readFileSync(at(name))
  edit(bytes)
  writeFileSync(at(name), bytes)
}
/** A manifest that a faulty converter would have written: its checksum is right. */
const rewrite = (edit: (manifest: TapeManifest) => void): void => {
  const { manifest } = parseManifest(readFileSync(at('manifest.json'), 'utf8'))
  edit(manifest)
  writeFileSync(at('manifest.json'), manifestText(manifest))
}
const replaceText = (from: string, to: string): void => {
  const text = readFileSync(at('manifest.json'), 'utf8')
  expect(text).toContain(from)
  writeFileSync(at('manifest.json'), text.replace(from, to))
}

const CASES: readonly (readonly [string, () => void, RegExp])[] = [
  [
    'no manifest',
    () => rmSync(at('manifest.json')),
    /manifest\.json: is not in .*did not come to its end/,
  ],
  [
    'an empty manifest',
    () => writeFileSync(at('manifest.json'), ''),
    /manifest\.json: is not JSON/,
  ],
  [
    'another format',
    () => replaceText('tapedeck-tape', 'something'),
    /format is "something", expected "tapedeck-tape"/,
  ],
  [
    'a newer version',
    () => replaceText('"version": 1', '"version": 7'),
    /version 7 is newer than this program, which reads 1: update it/,
  ],
  [
    'an edited manifest',
    () => replaceText('"rows": 40', '"rows": 41'),
    /was changed since it was written/,
  ],
  ['another sum of rows', () => rewrite((m) => (m.rows += 1)), /rows \d+, the files have \d+/],
  [
    'an order that falls',
    () =>
      rewrite(
        (m) => (m.files.find(({ batches }) => batches.length > 1)!.batches[1]!.first_order = 0),
      ),
    /batch 1/,
  ],
  [
    'a path out of the folder',
    () => rewrite((m) => (m.files[0]!.path = '../../etc/passwd')),
    /expected the name AUSDT/,
  ],
  ['a missing file', () => rmSync(at(TRADES)), /trades-2024-08-08\.arrow: is missing/],
  [
    'a folder in its place',
    () => {
      rmSync(at(TRADES))
      mkdirSync(at(TRADES))
    },
    /trades-2024-08-08\.arrow: (is not a file|cannot be)/,
  ],
  [
    'a file that was emptied',
    () => writeFileSync(at(TRADES), ''),
    /\(bytes 0 to \d+\): has 0 bytes, expected \d+; it ends within batch 0/,
  ],
  [
    'a wrong magic',
    () => change(TRADES, (bytes) => bytes.write('PARQU1')),
    /its start \(magic, schema\) was changed/,
  ],
  [
    'a changed footer',
    () => change(TRADES, (bytes) => bytes.fill(0, bytes.length - 40)),
    /its end \(the footer\) was changed/,
  ],
  [
    'a file of a tape with another tick size',
    () => cpSync(join(other, TRADES), at(TRADES)),
    /does not say tick_size 0\.1 as the manifest does/,
  ],
  [
    'the file of another day',
    () => {
      cpSync(at('AUSDT/trades-2024-08-09.arrow'), at(TRADES))
    },
    /trades-2024-08-08\.arrow/,
  ],
]

describe('what is not a whole tape', () => {
  it.each(CASES)('%s is refused by reading, and found by check', async (_name, damage, says) => {
    rmSync(tape, { recursive: true, force: true })
    cpSync(whole, tape, { recursive: true })
    damage()
    const read = async (): Promise<unknown> => await playTape(await openTape(tape))
    const error: unknown = await read().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'TAPE_FILE_INVALID', message: expect.stringMatching(says) })
    expect(error).toBeInstanceOf(TapedeckError)
    const { problems } = await verifyTape(tape)
    expect(problems.length).toBeGreaterThan(0)
  })

  it('check names batch, rows and bytes of all damage and goes on behind it', async () => {
    rmSync(tape, { recursive: true, force: true })
    cpSync(whole, tape, { recursive: true })
    const { manifest } = await openTape(tape)
    const file = manifest.files.find(({ path }) => path === 'AUSDT/trades-2024-08-09.arrow')!
    const [, second, third] = file.batches
    change(file.path, (bytes) => {
      bytes[second!.offset + 300]! ^= 4
      bytes[third!.offset + 100]! ^= 4
    })
    writeFileSync(at('AUSDT/notes.txt'), 'mine')
    const { problems } = await verifyTape(tape)
    expect(problems).toEqual([
      expect.objectContaining({
        file: file.path,
        batch: 1,
        from_byte: second!.offset,
        to_byte: second!.offset + second!.bytes - 1,
      }),
      expect.objectContaining({ file: file.path, batch: 2 }),
      expect.objectContaining({
        file: 'AUSDT/notes.txt',
        problem: expect.stringContaining('not of this tape'),
      }),
    ])
  })

  it('reading gives everything before the damage', async () => {
    rmSync(tape, { recursive: true, force: true })
    cpSync(whole, tape, { recursive: true })
    const reader = await openTape(tape)
    const file = reader.manifest.files.find(({ path }) => path === 'AUSDT/trades-2024-08-09.arrow')!
    change(file.path, (bytes) => (bytes[file.batches[1]!.offset + 64]! ^= 1))
    const before =
      reader.manifest.files.find(({ path }) => path === TRADES)!.rows + file.batches[0]!.rows
    let rows = 0
    const read = async (): Promise<void> => {
      for await (const chunk of reader.trades('AUSDT')) rows += chunk.count
    }
    await expect(read()).rejects.toMatchObject({ code: 'TAPE_FILE_INVALID' })
    expect(rows).toBe(before)
  })

  it('a time range reads the files and batches that it needs, and no others', async () => {
    rmSync(tape, { recursive: true, force: true })
    cpSync(whole, tape, { recursive: true })
    const reader = await openTape(tape)
    const file = reader.manifest.files.find(({ path }) => path === 'AUSDT/trades-2024-08-09.arrow')!
    const [, second, third] = file.batches
    rmSync(at(TRADES))
    change(file.path, (bytes) => (bytes[third!.offset + 64]! ^= 1))
    const ids: number[] = []
    const range = { from: second!.time_min, to: third!.time_min }
    for await (const chunk of reader.trades('AUSDT', range))
      ids.push(...chunk.id.subarray(0, chunk.count))
    expect(ids.length).toBe(second!.rows)
    const all = reader.trades('AUSDT', { from: range.from, to: range.to + 1 })
    await expect(
      (async () => {
        for await (const chunk of all) ids.push(chunk.count)
      })(),
    ).rejects.toMatchObject({
      code: 'TAPE_FILE_INVALID',
    })
  })

  it.each([
    ['no folder at all', 'nowhere', 'NOT_FOUND'],
    ['a file', 'file', 'TAPE_FILE_INVALID'],
  ])('%s', async (_name, path, code) => {
    writeFileSync(join(folder.path, 'file'), 'x')
    await expect(openTape(join(folder.path, path))).rejects.toMatchObject({ code })
  })

  it('a tape that was moved is the same tape', async () => {
    const moved = join(folder.path, 'moved')
    cpSync(whole, tape, { recursive: true })
    rmSync(tape, { recursive: true })
    cpSync(whole, tape, { recursive: true })
    renameSync(tape, moved)
    expect((await openTape(moved)).fingerprint).toBe((await openTape(whole)).fingerprint)
    expect((await verifyTape(moved)).problems).toEqual([])
  })
})
