import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { SetupOutcomeDecided, type BarClosed } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { createSetupOutcomeTracker } from './index.ts'
import { attemptAt, closedBar } from './setup-event.fixture.ts'

const T = 1_700_006_400_000
const Q = 900_000
type Ohlc = readonly [number, number, number, number]
/** Bars of 15 minutes from T on; prices in whole units. */
const barsOf = (...all: readonly Ohlc[]): BarClosed[] =>
  all.map((ohlc, i) =>
    closedBar(
      T + i * Q,
      ohlc.map((price) => price * 100),
    ),
  )

const CALM: Ohlc = [100, 101, 99, 100]
const decide = (direction: 'up' | 'down', bars: readonly BarClosed[]): SetupOutcomeDecided[] => {
  const tracker = createSetupOutcomeTracker()
  expect(tracker.onEvent(attemptAt(T, direction))).toEqual([])
  return bars.flatMap((bar) => tracker.onBar(bar))
}

describe('rules', () => {
  it.each<[string, 'up' | 'down', readonly Ohlc[], Partial<SetupOutcomeDecided> | null]>([
    ['nothing yet', 'up', [CALM, CALM, CALM], null],
    [
      'target, exactly',
      'up',
      [CALM, [100, 110, 99, 105]],
      { outcome: 'hit_1r', bars_to_outcome: 2, r_achieved: 1, mfe_pct: 10, mae_pct: 1 },
    ],
    ['a tick short of it', 'up', [[100, 109.99, 99, 105]], null],
    [
      'stop, exactly',
      'up',
      [[100, 101, 90, 95]],
      { outcome: 'hit_stop', bars_to_outcome: 1, r_achieved: -1, mfe_pct: 1, mae_pct: 10 },
    ],
    ['a tick short of the stop', 'up', [[100, 101, 90.01, 95]], null],
    [
      'the first to come wins',
      'up',
      [
        [100, 101, 90, 95],
        [95, 120, 95, 120],
      ],
      { outcome: 'hit_stop' },
    ],
    [
      'down: target below',
      'down',
      [[100, 101, 89, 90]],
      { outcome: 'hit_1r', mfe_pct: 11, mae_pct: 1 },
    ],
    [
      'down: stop above',
      'down',
      [CALM, [100, 112, 99, 100]],
      { outcome: 'hit_stop', mfe_pct: 1, mae_pct: 12 },
    ],
    [
      'both, nothing finer',
      'up',
      [[100, 110, 90, 100]],
      { outcome: 'hit_stop', ambiguous: true, resolved_with: 'bars', r_achieved: -1 },
    ],
    [
      'the end of its time',
      'up',
      [CALM, CALM, CALM, [100, 104, 99, 103]],
      {
        outcome: 'ttl_expired',
        bars_to_outcome: 4,
        r_achieved: 0.3,
        mfe_pct: 4,
        outcome_ts: T + 4 * Q,
      },
    ],
    [
      'down: the end of its time',
      'down',
      [CALM, CALM, CALM, [100, 104, 99, 103]],
      { outcome: 'ttl_expired', r_achieved: -0.3, mfe_pct: 1, mae_pct: 4 },
    ],
    [
      'a touch on the last bar counts',
      'up',
      [CALM, CALM, CALM, [100, 111, 99, 103]],
      { outcome: 'hit_1r', bars_to_outcome: 4 },
    ],
    ['never below entry', 'up', [[102, 110, 101, 110]], { mae_pct: 0 }],
  ])('%s', (_, direction, bars, expected) => {
    const decided = decide(direction, barsOf(...bars))
    expect(decided).toHaveLength(expected === null ? 0 : 1)
    if (expected === null) return
    expect(decided[0]).toMatchObject({ ambiguous: false, resolved_with: 'bars', ...expected })
    expect(SetupOutcomeDecided.parse(decided[0])).toEqual(decided[0])
  })

  it('the break bar itself, other symbols and a candidate decide nothing', () => {
    const tracker = createSetupOutcomeTracker()
    tracker.onEvent(attemptAt(T))
    tracker.onEvent(attemptAt(T, 'up', { state: 'compression_candidate' }))
    tracker.onEvent(attemptAt(T, 'up', { setup_event_id: 'x', entry_price: null }))
    expect(tracker.openCount).toBe(1)
    const wild: Ohlc = [100, 200, 1, 100]
    expect(
      tracker.onBar(
        closedBar(
          T - Q,
          wild.map((price) => price * 100),
        ),
      ),
    ).toEqual([])
    expect(tracker.onBar({ ...barsOf(wild)[0]!, symbol: 'ETHUSDT' })).toEqual([])
    expect(tracker.onBar({ ...barsOf(wild)[0]!, venue: 'other' })).toEqual([])
    expect(tracker.onBar({ ...barsOf(wild)[0]!, timeframe: '1h' })).toEqual([])
  })

  it('an event that is read after later bars is walked over them', () => {
    const tracker = createSetupOutcomeTracker()
    for (const bar of [
      closedBar(T - Q, [1, 20_000, 1, 10_000]),
      ...barsOf(CALM, [100, 111, 99, 110]),
    ])
      tracker.onBar(bar)
    expect(tracker.onEvent(attemptAt(T))).toMatchObject([{ outcome: 'hit_1r', bars_to_outcome: 2 }])
    expect(tracker.openCount).toBe(0)
  })

  it('is decided once; an event that is told twice is followed once', () => {
    const tracker = createSetupOutcomeTracker()
    tracker.onEvent(attemptAt(T))
    tracker.onEvent(attemptAt(T))
    const bars = barsOf([100, 111, 99, 110], [100, 101, 80, 90])
    expect(bars.flatMap((bar) => tracker.onBar(bar))).toHaveLength(1)
  })
})

describe('a bar that touches both', () => {
  const minute = (index: number, ohlc: Ohlc, timeframe: '1m' | '5m' = '1m'): BarClosed => {
    const length = timeframe === '1m' ? 60_000 : 300_000
    const open = T + Q + index * length
    return closedBar(
      open,
      ohlc.map((price) => price * 100),
      { timeframe, close_time: open + length },
    )
  }
  const both = barsOf(CALM, [100, 112, 88, 100])[1]!
  const after = (...finer: BarClosed[]): SetupOutcomeDecided =>
    decide('up', [...barsOf(CALM), ...finer, both])[0]!

  it.each<[string, BarClosed[], Partial<SetupOutcomeDecided>]>([
    [
      'target first',
      [minute(0, CALM), minute(1, [100, 112, 99, 111]), minute(2, [111, 111, 88, 90])],
      {
        outcome: 'hit_1r',
        r_achieved: 1,
        ambiguous: false,
        resolved_with: 'lower_timeframe',
        outcome_ts: T + Q + 120_000,
        mfe_pct: 12,
        mae_pct: 1,
      },
    ],
    [
      'stop first',
      [minute(3, [100, 101, 88, 90]), minute(4, [90, 112, 90, 100])],
      {
        outcome: 'hit_stop',
        ambiguous: false,
        resolved_with: 'lower_timeframe',
        mfe_pct: 1,
        mae_pct: 12,
      },
    ],
    [
      'both in one minute',
      [minute(0, [100, 112, 88, 100])],
      { outcome: 'hit_stop', ambiguous: true, resolved_with: 'bars' },
    ],
    [
      'both in one minute, yet the five minutes before tell',
      [minute(0, [100, 112, 99, 111], '5m'), minute(5, [100, 112, 88, 100])],
      { outcome: 'hit_1r', resolved_with: 'lower_timeframe' },
    ],
    ['finer bars without either', [minute(0, CALM)], { outcome: 'hit_stop', ambiguous: true }],
  ])('%s', (_, finer, expected) => {
    expect(after(...finer)).toMatchObject({ bars_to_outcome: 2, ...expected })
  })

  it('trades are the finest; what happened in an earlier bar is not counted again', () => {
    const tracker = createSetupOutcomeTracker()
    tracker.onEvent(attemptAt(T))
    const on = { venue: 'binance-usdm', symbol: 'BTCUSDT' }
    tracker.onTrade(on, 1, T - 1)
    tracker.onTrade(on, 105, T)
    tracker.onBar(barsOf([100, 106, 99, 100])[0]!)
    tracker.onTrade({ ...on, symbol: 'ETHUSDT' }, 1, T + Q + 3)
    tracker.onTrade(on, 110, T + Q + 5)
    tracker.onTrade(on, 88, T + Q + 6)
    tracker.onBar(minute(0, [100, 101, 88, 90]))
    expect(tracker.onBar(both)).toMatchObject([
      {
        outcome: 'hit_1r',
        resolved_with: 'trades',
        outcome_ts: T + Q + 5,
        mfe_pct: 10,
        mae_pct: 1,
      },
    ])
  })
})

it('a print beyond a level that its bar does not have says nothing about the next bar', () => {
  const tracker = createSetupOutcomeTracker()
  tracker.onEvent(attemptAt(T))
  const on = { venue: 'binance-usdm', symbol: 'BTCUSDT' }
  tracker.onTrade(on, 112, T + 1)
  expect(tracker.onBar(barsOf(CALM)[0]!)).toEqual([])
  tracker.onTrade(on, 88, T + Q + 1)
  expect(tracker.onBar(barsOf(CALM, [100, 112, 88, 100])[1]!)).toMatchObject([
    { outcome: 'hit_stop', ambiguous: false, resolved_with: 'trades' },
  ])
})

/** The same rules over the whole slice at once. */
const reference = (direction: 'up' | 'down', bars: readonly Ohlc[], ttl: number): string => {
  const sign = direction === 'up' ? 1 : -1
  const slice = bars.slice(0, ttl)
  const best = slice.map(([, high, low]) => (sign > 0 ? high - 100 : 100 - low))
  const worst = slice.map(([, high, low]) => (sign > 0 ? 100 - low : high - 100))
  const target = best.findIndex((move) => move >= 10)
  const stop = worst.findIndex((move) => move >= 10)
  const first = Math.min(...[target, stop].filter((i) => i >= 0))
  if (first === Infinity)
    return slice.length < ttl
      ? 'open'
      : `ttl_expired ${ttl} false ${Math.max(0, ...best)} ${Math.max(0, ...worst)}`
  const seen = first + 1
  const outcome = stop === first ? 'hit_stop' : 'hit_1r'
  return `${outcome} ${seen} ${String(stop === target)} ${Math.max(0, ...best.slice(0, seen))} ${Math.max(0, ...worst.slice(0, seen))}`
}

it('agrees with a search over the whole slice, saved and restored at every bar', () => {
  const ohlc = fc
    .tuple(fc.integer({ min: 86, max: 104 }), fc.integer({ min: 96, max: 114 }))
    .map(([low, high]): Ohlc => [
      Math.min(low, high),
      Math.max(low, high),
      Math.min(low, high),
      high,
    ])
  const outcomes = new Set<string>()
  fc.assert(
    fc.property(
      fc.constantFrom('up' as const, 'down' as const),
      fc.array(ohlc, { maxLength: 9 }),
      fc.integer({ min: 1, max: 6 }),
      (direction, bars, ttl) => {
        let tracker = createSetupOutcomeTracker()
        tracker.onEvent(attemptAt(T, direction, { ttl_bars: ttl }))
        const decided = barsOf(...bars).flatMap((bar) => {
          tracker = createSetupOutcomeTracker(
            JSON.parse(JSON.stringify(tracker.snapshot())) as Json,
          )
          return tracker.onBar(bar)
        })
        const found = decided.map(
          ({ outcome, bars_to_outcome: n, ambiguous, mfe_pct, mae_pct }) =>
            `${outcome} ${n} ${String(ambiguous)} ${mfe_pct} ${mae_pct}`,
        )
        const wanted = reference(direction, bars, ttl)
        outcomes.add(`${wanted.split(' ')[0]!} ${wanted.split(' ')[2] ?? ''}`)
        expect(found).toEqual(wanted === 'open' ? [] : [wanted])
      },
    ),
    { numRuns: 500 },
  )
  expect(outcomes.size).toBe(5)
})
