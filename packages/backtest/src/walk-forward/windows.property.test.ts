import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ClosedTrade } from '@tapedeck/core'
import { purgeTrades } from './purge-trades.ts'
import { planWindows, type WalkWindow, type WindowRules } from './windows.ts'

const lengths = fc.oneof(
  fc.record({
    trainMs: fc.integer({ min: 1, max: 300 }),
    testMs: fc.integer({ min: 1, max: 100 }),
  }),
  fc.record({
    trainMs: fc.integer({ min: 1, max: 300 }),
    testMs: fc.integer({ min: 1, max: 60 }),
    stepMs: fc.integer({ min: 60, max: 120 }),
  }),
  fc.record({
    windows: fc.integer({ min: 1, max: 12 }),
    trainShare: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  }),
)
const rules: fc.Arbitrary<WindowRules> = fc.record({
  mode: fc.constantFrom('rolling' as const, 'anchored' as const, 'folds' as const),
  lengths,
  embargoMs: fc.integer({ min: 0, max: 40 }),
})
const data = { from: 1_000, to: 2_000 }

const planned = (given: WindowRules): WalkWindow[] => {
  try {
    return planWindows(data, given)
  } catch (error) {
    expect((error as { code?: string }).code).toBe('VALIDATION_FAILED')
    return []
  }
}

const trade = (entered_at: number, exited_at: number, exit_reason: string): ClosedTrade =>
  ({ entered_at, exited_at, exit_reason }) as ClosedTrade

it('no moment of a test is in its own training, nor within the embargo of it', () => {
  let seen = 0
  fc.assert(
    fc.property(rules, (given) => {
      for (const { train, test } of planned(given)) {
        seen += 1
        expect(test.to).toBeGreaterThan(test.from)
        for (const { from, to } of train) {
          expect(to).toBeGreaterThan(from)
          expect(from >= data.from && to <= data.to).toBe(true)
          const isBefore = to <= test.from - given.embargoMs
          const isAfter = from >= test.to + given.embargoMs
          expect(isBefore || (given.mode === 'folds' && isAfter)).toBe(true)
        }
      }
    }),
  )
  expect(seen).toBeGreaterThan(100)
})

it('every moment of the union of the tests is counted once, within the data', () => {
  fc.assert(
    fc.property(rules, (given) => {
      const tests = planned(given).map(({ test }) => test)
      for (const [i, { from, to }] of tests.entries()) {
        expect(from).toBeGreaterThanOrEqual(tests[i - 1]?.to ?? data.from)
        expect(to).toBeLessThanOrEqual(data.to)
      }
    }),
  )
})

it('no trade that is left after purging lived a moment outside of its training', () => {
  const trades = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), fc.boolean())
      .map(([a, b, cut]) => trade(Math.min(a, b), Math.max(a, b), cut ? 'end_of_data' : 'stop')),
  )
  fc.assert(
    fc.property(trades, fc.integer({ min: 1, max: 99 }), (all, from) => {
      const train = { from, to: from + 30 }
      const { kept, purged } = purgeTrades(all, train)
      expect(kept.length + purged).toBe(all.length)
      for (const { entered_at, exited_at, exit_reason } of kept) {
        expect(entered_at >= train.from && exited_at < train.to).toBe(true)
        expect(exit_reason).not.toBe('end_of_data')
      }
      const lived = all.filter(
        (one) =>
          one.entered_at >= train.from && one.exited_at < train.to && one.exit_reason === 'stop',
      )
      expect(kept).toEqual(lived)
    }),
  )
})
