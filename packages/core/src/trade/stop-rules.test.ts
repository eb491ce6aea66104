import { describe, expect, it } from '@jest/globals'
import type { Message } from '@tapedeck/contracts'
import {
  breakEvenStop,
  breakEvenTicks,
  excursionsInR,
  isInvalidated,
  progressInR,
  riskTicks,
  startTrade,
  trailingStop,
  type TradeRecord,
} from './index.ts'
import { approved, executionConfig, features } from './testing/scenario.ts'

const approval = (side: 'BUY' | 'SELL') =>
  (approved(0, { side }) as Message<'risk.signal.approved'>).payload
/** Filled at 10000 with a stop 100 ticks away: 1R = 100 ticks. */
const filled = (side: 'BUY' | 'SELL', rest: Partial<TradeRecord> = {}): TradeRecord => {
  const sign = side === 'BUY' ? 1 : -1
  const steps = {
    lots: 10,
    entryTicks: 10_000,
    stopTicks: 10_000 - sign * 100,
    targetTicks: 10_000 + sign * 300,
  }
  return {
    ...startTrade('trade-1', approval(side), steps, 10_000),
    openedAt: 1_000,
    entryLots: 10,
    entryTickLots: 100_000,
    lowTicks: 10_000,
    highTicks: 10_000,
    ...rest,
  }
}
const config = executionConfig()

const wall = (ticks: number) =>
  ({ price_ticks: ticks, quantity_lots: 1, source: 'profile' }) as const

describe('R', () => {
  it.each([
    ['BUY', 10_150, 1.5],
    ['BUY', 9_900, -1],
    ['SELL', 9_850, 1.5],
    ['SELL', 10_100, -1],
  ] as const)('%s at %d stands at %dR', (side, ticks, r) => {
    expect(progressInR(filled(side), ticks)).toBe(r)
  })

  it('an entry that filled beyond its own stop counts the planned distance', () => {
    expect(riskTicks(filled('BUY', { entryTickLots: 98_000 }))).toBe(100)
    expect(riskTicks(filled('BUY', { entryTickLots: 99_500 }))).toBe(50)
  })

  it('excursions are the extremes since the entry, never negative', () => {
    const trade = filled('SELL', { lowTicks: 9_950, highTicks: 10_020 })
    expect(excursionsInR(trade)).toEqual({ favorable: 0.5, adverse: 0.2 })
    expect(excursionsInR(filled('BUY', { lowTicks: 10_010, highTicks: 10_050 }))).toEqual({
      favorable: 0.5,
      adverse: 0,
    })
  })
})

describe('break-even', () => {
  it.each([
    ['BUY', 0.02, 10_002],
    ['SELL', 0.02, 9_998],
    ['BUY', 0.015, 10_002],
    ['SELL', 0.015, 9_998],
    ['BUY', 0, 10_000],
  ] as const)('%s with a buffer of %d %% is %d, in the trade’s favor', (side, buffer, ticks) => {
    expect(breakEvenTicks(filled(side), buffer)).toBe(ticks)
  })

  it.each<[string, 'BUY' | 'SELL', number, number, Partial<TradeRecord>, number | null]>([
    ['at +1R', 'BUY', 10_100, 2_000, {}, 10_002],
    ['not before', 'BUY', 10_099, 2_000, { highTicks: 10_099 }, null],
    ['at +1R short', 'SELL', 9_900, 2_000, {}, 9_998],
    ['after a minute without +0.5R', 'BUY', 10_003, 61_000, {}, 10_002],
    ['not with +0.5R seen in time', 'BUY', 10_003, 61_000, { followedAt: 61_000 }, null],
    ['with +0.5R seen too late', 'BUY', 10_060, 90_000, { followedAt: 61_001 }, 10_002],
    ['not within the minute', 'BUY', 10_003, 60_999, {}, null],
    ['not when the price is not beyond it', 'BUY', 10_002, 61_000, {}, null],
    ['not twice', 'BUY', 10_100, 2_000, { stopBasis: 'break_even' }, null],
    ['not before there is an entry', 'BUY', 10_100, 2_000, { openedAt: null }, null],
    ['never looser', 'BUY', 10_100, 2_000, { stopTicks: 10_005 }, null],
  ])('%s', (_, side, ticks, now, rest, stop) => {
    expect(breakEvenStop(filled(side, rest), ticks, now, config.break_even)).toBe(stop)
  })
})

describe('trailing', () => {
  it.each<[string, 'BUY' | 'SELL', Partial<TradeRecord>, number, number | null, number | null]>([
    ['behind the wall below', 'BUY', { highTicks: 10_150 }, 10_140, 10_100, 10_089],
    ['behind the wall above', 'SELL', { lowTicks: 9_850 }, 9_860, 9_900, 9_910],
    ['not before +1.5R', 'BUY', { highTicks: 10_149 }, 10_140, 10_100, null],
    ['not without a wall', 'BUY', { highTicks: 10_150 }, 10_140, null, null],
    ['never looser', 'BUY', { highTicks: 10_150, stopTicks: 10_090 }, 10_140, 10_100, null],
    ['never through the price', 'BUY', { highTicks: 10_150 }, 10_080, 10_100, null],
  ])('%s', (_, side, rest, price, at, stop) => {
    const given = {
      price_ticks: price,
      wall_below: side === 'BUY' && at !== null ? wall(at) : null,
      wall_above: side === 'SELL' && at !== null ? wall(at) : null,
    }
    expect(trailingStop(filled(side, rest), given, config.trailing)).toBe(stop)
  })
})

describe('invalidation', () => {
  it.each([
    ['BUY', 9_950, 9_960, -0.3, true],
    ['BUY', 9_960, 9_960, -0.3, false],
    ['BUY', 9_950, 9_960, 0.5, false],
    ['SELL', 10_050, 10_040, 0.3, true],
    ['SELL', 10_050, 10_040, 0.29, false],
    ['SELL', 10_050, null, 0.5, false],
  ] as const)('%s, close %d, swing %p, ratio %d: %p', (side, close, swing, ratio, out) => {
    const { payload } = features(0, {
      close,
      swing_low_15s_ticks: swing,
      swing_high_15s_ticks: swing,
      delta_ratio: { '5s': 0, '15s': 0, '1m': ratio, '5m': 0 },
    }) as Message<'orderflow.features'>
    expect(isInvalidated(filled(side), payload, config.invalidation_ratio)).toBe(out)
  })
})
