import { describe, expect, it } from '@jest/globals'
import type { BarClosed, SetupOutcomeDecided } from '@tapedeck/contracts'
import fc from 'fast-check'
import { createSetupOutcomeTracker } from './index.ts'
import { attemptAt, closedBar } from './setup-event.fixture.ts'

const T = 1_700_006_400_000
const Q = 900_000

/** Five-minute bars with the bar of 15 minutes that each three of them make, as they lie on the tape. */
const tapeOf = (moves: readonly number[]): BarClosed[] => {
  const tape: BarClosed[] = []
  let third: number[][] = []
  for (const [index, move] of moves.entries()) {
    const at = T + index * 300_000
    const prices = [10_000, 10_000 + Math.max(0, move), 10_000 + Math.min(0, move), 10_000]
    tape.push({ ...closedBar(at, prices), timeframe: '5m', close_time: at + 300_000 })
    third.push(prices)
    if (third.length < 3) continue
    const high = Math.max(...third.map(([, each]) => each!))
    const low = Math.min(...third.map(([, , each]) => each!))
    tape.push(closedBar(at - 600_000, [10_000, high, low, 10_000]))
    third = []
  }
  return tape
}

/** What is decided of an attempt at T that is read after so many messages. */
const decidedAfter = (tape: readonly BarClosed[], read: number): SetupOutcomeDecided[] => {
  const tracker = createSetupOutcomeTracker()
  const before = tape.slice(0, read).flatMap((bar) => tracker.onBar(bar))
  const at = tracker.onEvent(attemptAt(T))
  return [...before, ...at, ...tape.slice(read).flatMap((bar) => tracker.onBar(bar))]
}

describe('an event that is read late', () => {
  it('gets the label that it would have got in time, finer bars included', () => {
    const move = fc.constantFrom(100, -100, 1_100, -1_100, 950)
    fc.assert(
      fc.property(fc.array(move, { minLength: 3, maxLength: 15 }), fc.nat(20), (moves, read) => {
        const tape = tapeOf(moves)
        expect(decidedAfter(tape, Math.min(read, tape.length))).toEqual(decidedAfter(tape, 0))
      }),
      { numRuns: 300 },
    )
  })

  it('stays without a label when bars that would decide it are forgotten', () => {
    const bars = Array.from({ length: 80 }, (_, i) =>
      closedBar(T + i * Q, [10_000, i === 0 ? 12_000 : 10_100, 9_900, 10_000]),
    )
    expect(decidedAfter(bars, 0)).toMatchObject([{ outcome: 'hit_1r' }])
    expect(decidedAfter(bars, 80)).toEqual([])
    expect(decidedAfter(bars, 64)).toMatchObject([{ outcome: 'hit_1r' }])
  })

  it('does not take the rest of a bar for its beginning', () => {
    // 15 s bars of three bars of 15 minutes: the stop comes first in the second, then the target.
    const seconds = Array.from({ length: 180 }, (_, i): BarClosed => {
      const prices = i === 60 ? [10_000, 10_100, 8_900, 10_000] : [10_000, 10_100, 9_900, 10_000]
      if (i === 119) prices[1] = 11_100
      const at = T + i * 15_000
      return { ...closedBar(at, prices), timeframe: '15s', close_time: at + 15_000 }
    })
    const quarters = [0, 1, 2].map((i) =>
      closedBar(
        T + i * Q,
        i === 1 ? [10_000, 11_100, 8_900, 10_000] : [10_000, 10_100, 9_900, 10_000],
      ),
    )
    const tape = [...seconds, ...quarters].toSorted((a, b) => a.close_time - b.close_time)
    expect(decidedAfter(tape, 0)).toMatchObject([{ outcome: 'hit_stop', ambiguous: false }])
    expect(decidedAfter(tape, 130)).toMatchObject([{ outcome: 'hit_stop' }])
  })
})
