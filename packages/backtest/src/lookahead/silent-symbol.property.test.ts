import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { foreseeing } from './cheats.fixture.ts'
import { brainSubject, findLookahead, orderFlowSubject, tapeMaterial } from './index.ts'
import { wildTape, wildTrading, type Wildness } from './wild-tape.fixture.ts'

/** One symbol of two prints about twice a minute. */
const QUIET: Wildness = {
  minutes: 6,
  rates: [1.6, 0.03],
  silences: 0.0005,
  books: true,
  lateMs: 0,
  odd: false,
  composer: {},
}
const seeds = Array.from({ length: 10 }, (_, i) => i + 1)

const wildness = fc.record<Wildness>({
  minutes: fc.constant(4),
  rates: fc.array(fc.constantFrom(3, 0.5, 0.05, 0.01), { minLength: 1, maxLength: 3 }),
  silences: fc.constantFrom(0.0005, 0.005),
  books: fc.boolean(),
  lateMs: fc.constantFrom(0, 50, 4000),
  odd: fc.boolean(),
  composer: fc.constantFrom({}, { stepEvents: 150 }, { batchTrades: 3 }),
})

describe('a symbol that is silent for longer than prints lag', () => {
  const tape = wildTape(71, QUIET)
  const material = tapeMaterial(tape)

  it.each(seeds)('is not taken for one that knows the future, cut by seed %i', async (seed) => {
    for (const subject of [orderFlowSubject(wildTrading), brainSubject(wildTrading)]) {
      const report = await findLookahead({ subject, material, cuts: 10, seed })
      expect(report.findings).toEqual([])
      expect(report.cuts).toHaveLength(10)
    }
  })

  it('does not hide one that does', async () => {
    const prints: number[] = []
    for await (const { time, count } of tape.trades('BTCUSDT'))
      prints.push(...time.subarray(0, count))
    const subject = foreseeing(wildTrading, 5000)
    for (const seed of seeds.slice(0, 3)) {
      const { cuts, findings } = await findLookahead({ subject, material, cuts: 5, seed })
      const printedWithin = (ms: number): number[] =>
        cuts.flatMap(({ at }) => (prints.some((time) => time > at && time < at + ms) ? [at] : []))
      const found = findings.map(({ cut }) => cut)
      // The last clock before a cut stands up to a second before it, and sees that much less far.
      expect(printedWithin(4000).length).toBeGreaterThan(2)
      expect(found).toEqual(expect.arrayContaining(printedWithin(4000)))
      expect(printedWithin(5000)).toEqual(expect.arrayContaining(found))
      for (const { what, at, cut } of findings) {
        expect(what).toBe('BTCUSDT foreseen')
        expect(at).toBeGreaterThan(cut - 5000)
        expect(at).toBeLessThanOrEqual(cut)
      }
    }
  })
})

describe('whatever a market does', () => {
  it('is not taken for knowing the future', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), wildness, async (seed, how) => {
        const material = tapeMaterial(wildTape(seed, how))
        for (const subject of [orderFlowSubject(wildTrading), brainSubject(wildTrading)]) {
          const { findings } = await findLookahead({ subject, material, cuts: 5, seed })
          expect(findings).toEqual([])
        }
      }),
      { numRuns: 15, seed: 7 },
    )
  })
})
