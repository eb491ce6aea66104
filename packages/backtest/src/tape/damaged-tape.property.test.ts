import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hasCode } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import fc from 'fast-check'
import { openTape } from './open-tape.ts'
import { playTape } from './play-tape.fixture.ts'
import { smallSession, testFolder, writeTape } from './small-tape.fixture.ts'
import { verifyTape } from './verify-tape.ts'

const folder = testFolder()
afterAll(folder.remove)

const whole = join(folder.path, 'whole')
const damaged = join(folder.path, 'damaged')
const events = smallSession(120)
let names: string[] = []

beforeAll(async () => {
  await writeTape(whole, events)
  cpSync(whole, damaged, { recursive: true })
  names = readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(whole.length + 1))
    .toSorted()
})

type Damage = (bytes: Buffer, at: number, value: number) => Buffer | null

const DAMAGES: Readonly<Record<string, Damage>> = {
  flip: (bytes, at, value) => {
    const other = Buffer.from(bytes)
    other[at]! ^= 1 << (value & 7)
    return other
  },
  overwrite: (bytes, at, value) => {
    const other = Buffer.from(bytes)
    other.fill(value, at, Math.min(other.length, at + 64))
    return other
  },
  cut: (bytes, at) => bytes.subarray(0, at),
  drop: (bytes, at, value) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + value)]),
  insert: (bytes, at, value) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.alloc(8, value), bytes.subarray(at)]),
  remove: () => null,
}

const play = async (): Promise<MarketEvent[] | string> => {
  try {
    return await playTape(await openTape(damaged))
  } catch (error) {
    if (!hasCode(error, 'TAPE_FILE_INVALID')) throw error
    return error.message
  }
}

describe('a tape with damage in any byte', () => {
  it('is refused with the file named, or gives exactly what was written; check always finds it', async () => {
    let refused = 0
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.constantFrom(...Object.keys(DAMAGES)),
        fc.nat(),
        fc.nat(255),
        async (pick, how, place, value) => {
          const name = names[pick % names.length]!
          const bytes = readFileSync(join(whole, name))
          const changed = DAMAGES[how]!(bytes, place % bytes.length, value)
          const target = join(damaged, name)
          if (changed === null) rmSync(target)
          else writeFileSync(target, changed)
          const played = await play()
          const { problems } = await verifyTape(damaged)
          writeFileSync(target, bytes)
          const isSame = changed?.equals(bytes) === true
          const isRefused = typeof played === 'string'
          if (isRefused) refused++
          expect([...new Set(problems.map(({ file }) => file))]).toEqual(isSame ? [] : [name])
          // Either the file is named, or nothing is wrong with what was read.
          expect(isRefused ? played.slice(0, name.length) : played).toEqual(
            isRefused ? name : events,
          )
        },
      ),
      { numRuns: 200 },
    )
    expect(refused).toBeGreaterThan(120)
  })
})
