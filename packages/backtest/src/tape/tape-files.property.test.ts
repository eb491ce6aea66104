import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { MarketEvent } from '@tapedeck/core'
import fc from 'fast-check'
import { A, B } from './market-events.fixture.ts'
import { tapeOfEvents } from './memory-tape.ts'
import { openTape, type FolderTape } from './open-tape.ts'
import { playTape } from './play-tape.fixture.ts'
import { TapeWriter } from './tape-writer.ts'

const symbol = fc.constantFrom('AUSDT', 'BUSDT')
const whole = fc.oneof(fc.nat(1000), fc.maxSafeNat())
const time = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
  fc.integer({ min: 1_699_900_000_000, max: 1_700_200_000_000 }),
)
const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const levels = fc.array(whole, { maxLength: 5 })
const signed = fc.oneof(fc.integer(), fc.maxSafeInteger())

const event: fc.Arbitrary<MarketEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('trade' as const),
      symbol,
      id: whole,
      priceTicks: whole,
      quantityLots: whole,
      time,
      maker: fc.constantFrom(0 as const, 1 as const),
      excluded: fc.boolean(),
    }),
  },
  fc.record({
    kind: fc.constant('depth' as const),
    symbol,
    snapshot: fc.boolean(),
    firstId: whole,
    lastId: whole,
    previousId: fc.option(whole),
    time: fc.option(time),
    bidTicks: levels,
    bidLots: levels,
    askTicks: levels,
    askLots: levels,
  }),
  fc.record({
    kind: fc.constant('quote' as const),
    symbol,
    updateId: whole,
    bidTicks: whole,
    bidLots: whole,
    askTicks: whole,
    askLots: whole,
  }),
  fc.record({
    kind: fc.constant('mark' as const),
    symbol,
    time,
    markPrice: number,
    indexPrice: fc.option(number),
    fundingRate: number,
    nextFundingTime: time,
  }),
  fc.record({
    kind: fc.constant('feed' as const),
    symbol,
    channel: fc.constantFrom('trades' as const, 'depth' as const, 'mark' as const),
    status: fc.constantFrom('up' as const, 'gap' as const, 'stale' as const),
    reason: fc.string({ unit: 'grapheme' }),
    missingFrom: fc.option(whole),
    missingTo: fc.option(whole),
  }),
  fc.record({ kind: fc.constant('clock' as const), time }),
  fc.record({
    kind: fc.constant('bar' as const),
    symbol,
    timeframe: fc.constantFrom('1m' as const, '1h' as const),
    bar: fc.record({
      openTime: time,
      open: whole,
      high: whole,
      low: whole,
      close: whole,
      buy: fc.nat(),
      sell: fc.nat(),
      unsided: fc.nat(),
      minDelta: signed,
      maxDelta: signed,
      trades: whole,
      excess: number,
      carried: fc.boolean(),
      tainted: fc.boolean(),
    }),
  }),
)

/** Sessions of every kind of event in any order, over some days. */
const sessions = (maxLength: number): fc.Arbitrary<MarketEvent[]> =>
  fc.array(event, { minLength: 1, maxLength })

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-tape-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = async (
  events: readonly MarketEvent[],
  cuts: readonly number[] = [],
): Promise<FolderTape> => {
  const output = join(folder, 'tape')
  const writer = await TapeWriter.create({ output, instruments: [A, B], force: true, batchRows: 2 })
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
