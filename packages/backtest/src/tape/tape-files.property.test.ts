import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { MarketEvent } from '@tapedeck/core'
import fc from 'fast-check'
import { A, B, sessions } from './market-events.fixture.ts'
import { tapeOfEvents } from './memory-tape.ts'
import { openTape, type FolderTape } from './open-tape.ts'
import { playTape } from './play-tape.fixture.ts'
import { TapeWriter } from './tape-writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-tape-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = async (
  events: readonly MarketEvent[],
  cuts: readonly number[] = [],
): Promise<FolderTape> => {
  const output = join(folder, 'tape')
  const writer = await TapeWriter.create({ output, instruments: [A, B], force: true })
  let from = 0
  for (const cut of [...cuts, events.length]) {
    await writer.push(events.slice(from, cut))
    from = Math.max(from, cut)
  }
  await writer.finish()
  return await openTape(output)
}

describe('tape files', () => {
  it('give back every kind of event, in its order, however the events were pushed', async () => {
    await fc.assert(
      fc.asyncProperty(sessions(60), fc.array(fc.nat(60)), async (events, cuts) => {
        const tape = await write(
          events,
          cuts.toSorted((a, b) => a - b),
        )
        expect(await playTape(tape)).toEqual(events)
        const again = await write(events)
        expect(again.fingerprint).toBe(tape.fingerprint)
      }),
      { numRuns: 60 },
    )
  })

  it('are cut to a time range as a tape in memory is', async () => {
    await fc.assert(
      fc.asyncProperty(
        sessions(40),
        fc.nat(300_000_000),
        fc.nat(300_000_000),
        async (events, a, b) => {
          const tape = await write(events)
          const [from, to] = [
            1_699_900_000_000 + Math.min(a, b),
            1_699_900_000_000 + Math.max(a, b),
          ]
          const inMemory = tapeOfEvents([A, B], events)
          const parts = [{ to: from }, { from, to }, { from: to }]
          const all: MarketEvent[] = []
          for (const range of parts) {
            const played = await playTape(tape, range)
            expect(played).toEqual(await playTape(inMemory, range))
            all.push(...played)
          }
          expect(all.length).toBe(events.length)
          expect([tape.from, tape.to]).toEqual([inMemory.from, inMemory.to])
        },
      ),
      { numRuns: 60 },
    )
  })
})
