import { OrderFlowConfig } from '@tapedeck/contracts'
import { describe, expect, it } from '@jest/globals'
import { VolumeProfile } from '../indicators/index.ts'
import { OrderBook } from '../order-book/index.ts'
import { Aggression } from './aggression.ts'
import { CvdDivergence } from './cvd-divergence.ts'
import { Evidence } from './evidence.ts'
import { readFootprint } from './footprint.ts'
import { FundingTracker, readFunding } from './funding.ts'
import { MarketState } from './market-state.ts'
import { Profiles } from './profiles.ts'
import { weekStartOf } from './period-start.ts'
import { RestingBook } from './resting-book.ts'
import { Taint } from './taint.ts'
import { TrappedTraders } from './trapped-traders.ts'
import { bookWall, profileWall } from './volume-wall.ts'

const config = OrderFlowConfig.parse({})

const trapped = () => new TrappedTraders(config.trap, 50_000)

describe('trapped traders', () => {
  it.each([
    ['sellers, price above by more than the reversal', 'SELL', 100_101, 1000, 'SELL'],
    ['sellers, exactly the reversal', 'SELL', 100_100, 1000, null],
    ['sellers, price goes on down', 'SELL', 99_000, 1000, null],
    ['buyers, price below by more than the reversal', 'BUY', 99_899, 1000, 'BUY'],
    ['buyers, price goes on up', 'BUY', 101_000, 1000, null],
    ['at the age limit', 'SELL', 100_200, 120_000, 'SELL'],
    ['a moment past it', 'SELL', 100_200, 120_001, null],
  ] as const)('%s', (_, side, price, age, expected) => {
    const traps = trapped()
    traps.onAbsorption(side, 60_000, 100_000, 5_000)
    const trap = traps.check(price, 5_000 + age)
    expect(trap?.trappedSide ?? null).toBe(expected)
  })

  it('tells a confirmed trap once, with its price and its fuel', () => {
    const traps = trapped()
    traps.onAbsorption('SELL', 60_000, 100_000, 5_000)
    expect(traps.check(100_200, 6_000)).toEqual({
      at: 6_000,
      trappedSide: 'SELL',
      trapTicks: 100_000,
      priceTicks: 100_200,
      absorptionLots: 60_000,
      estimatedStopsLots: 42_000,
      confidence: 0.6,
    })
    expect(traps.check(100_200, 6_000)).toBeNull()
  })

  it('keeps only the newest, and ignores what is too small', () => {
    const traps = trapped()
    traps.onAbsorption('SELL', 60_000, 100_000, 0)
    traps.onAbsorption('BUY', 80_000, 100_500, 1000)
    traps.onAbsorption('SELL', 49_999, 100_000, 2000)
    expect(traps.pending).toEqual({ side: 'BUY', lots: 80_000, priceTicks: 100_500, at: 1000 })
  })
})

/** 20 minutes from `from` to `to`, with the deltas of all but the first adding up to `delta`. */
const divergenceAfter = (
  from: number,
  to: number,
  delta: number,
  spike: number,
  atr: number | null,
) => {
  const divergence = new CvdDivergence(config.divergence)
  for (let minute = 0; minute < 19; minute++) {
    const swing = minute === 5 ? spike : minute === 6 ? -spike : 0
    expect(divergence.update(from, swing, atr)).toBeNull()
  }
  return divergence.update(to, delta, atr)
}

describe('CVD divergence', () => {
  it.each([
    ['price up, delta flat', 100, 110, 0, 10, 10, 'BEARISH'],
    ['price up, delta down', 100, 110, -10, 0, 10, 'BEARISH'],
    ['price up, delta up', 100, 110, 10, 0, 10, null],
    ['price up, delta up by less than 30 % of its range', 100, 110, 2, 10, 10, 'BEARISH'],
    ['price down, delta flat', 110, 100, 0, 10, 10, 'BULLISH'],
    ['price down, delta down', 110, 100, -10, 0, 10, null],
    ['move of exactly half an ATR', 100, 105, 0, 10, 10, null],
    ['without an ATR', 100, 110, 0, 10, null, null],
  ] as const)('%s', (_, from, to, delta, spike, atr, expected) => {
    expect(divergenceAfter(from, to, delta, spike, atr)?.divergence ?? null).toBe(expected)
  })

  it('says how far price went', () => {
    expect(divergenceAfter(100, 110, -4, 0, 10)).toEqual({
      divergence: 'BEARISH',
      priceChangeFraction: 0.1,
      cvdChangeLots: -4,
      atrMultiple: 1,
      confidence: 1 / 1.5,
    })
  })
})

describe('aggression', () => {
  it.each([
    [0.6, 101, 'BUY'],
    [-0.6, 101, 'SELL'],
    [0.59, 101, null],
    [0.9, 75, null],
    [0.9, 76, 'BUY'],
  ])('ratio %d on volume %d is %p', (ratio, volume, side) => {
    const aggression = new Aggression(config.aggression)
    for (let sample = 0; sample < 100; sample++) {
      expect(aggression.sideOf(1, 1e9)).toBeNull()
      aggression.sample(sample)
    }
    expect(aggression.sideOf(ratio, volume)).toBe(side)
  })
})

/** Initial balance 1000 to 2000: a break needs 3 ticks more. */
const stateAfter = (closes: readonly number[], deltas: readonly number[], fromItsStart = true) => {
  const market = new MarketState(config.market_state)
  market.reset(fromItsStart)
  market.widen(2000, 1000)
  return closes.map((close, i) => market.onMinute(close, deltas[i]!, true)).at(-1)
}

describe('market state', () => {
  it.each([
    ['inside', [1500, 1500, 1500], [1, 1, 1], 'BALANCE'],
    ['above, delta rising', [1500, 1500, 2004], [1, -1, 1], 'IMBALANCE_UP'],
    ['above by the margin only', [1500, 1500, 2003], [1, 1, 1], 'BALANCE'],
    ['above, delta falling: a false break', [1500, 1500, 2004], [-1, -1, 1], 'BALANCE'],
    ['above, too few minutes', [1500, 2004], [5, 5], 'BALANCE'],
    ['below, delta falling', [1500, 1500, 996], [-1, -1, 1], 'IMBALANCE_DOWN'],
    ['below, delta flat', [1500, 1500, 996], [-1, 0, 1], 'BALANCE'],
    [
      'only the last five minutes count',
      [1, 1, 1, 1, 1, 996],
      [99, -1, -1, -1, -1, 3],
      'IMBALANCE_DOWN',
    ],
  ] as const)('%s', (_, closes, deltas, state) => {
    expect(stateAfter(closes, deltas)).toBe(state)
  })

  it('is unknown before the balance is established, and when its start was missed', () => {
    const market = new MarketState(config.market_state)
    market.reset(true)
    market.widen(2000, 1000)
    expect(market.onMinute(3000, 9, false)).toBe('UNKNOWN')
    expect(stateAfter([3000, 3000, 3000], [1, 1, 1], false)).toBe('UNKNOWN')
  })
})

const levels = (...rows: [sell: number, buy: number][]) =>
  rows.map(([sellLots, buyLots], i) => ({ bin: 100 + i, buyLots, sellLots }))

describe('footprint', () => {
  const rules = { ratio: 3, stacked: 3, floorLots: 5 }
  it('compares buyers with the sellers one bin lower, and sellers with the buyers one bin higher', () => {
    const { imbalances } = readFootprint(levels([10, 0], [9, 30], [0, 3]), rules)
    expect(imbalances).toEqual([
      { bin: 101, side: 'BUY' },
      { bin: 101, side: 'SELL' },
    ])
  })

  it('asks for the volume floor, and counts nobody on the other side as the strongest imbalance', () => {
    expect(readFootprint(levels([0, 0], [0, 4]), rules).imbalances).toEqual([])
    expect(readFootprint(levels([0, 0], [0, 5]), rules).imbalances).toEqual([
      { bin: 101, side: 'BUY' },
    ])
  })

  it('stacks three in a row, not across a gap', () => {
    const run = levels([1, 0], [1, 9], [1, 9], [9, 9], [9, 9])
    expect(readFootprint(run, rules).stacks).toEqual([{ side: 'BUY', lowBin: 101, highBin: 103 }])
    expect(readFootprint(levels([1, 0], [1, 9], [9, 9], [1, 9], [1, 9]), rules).stacks).toEqual([])
  })

  it.each([
    [levels([1, 1], [0, 5]), true, false],
    [levels([1, 0], [2, 5]), false, true],
    [levels(), false, false],
  ])('unfinished auctions of %j', (bars, low, high) => {
    expect(readFootprint(bars, rules)).toMatchObject({ unfinishedLow: low, unfinishedHigh: high })
  })
})

describe('funding over an hour', () => {
  it('changes against the last rate told more than an hour ago', () => {
    const funding = new FundingTracker()
    expect(funding.rate).toBeNull()
    funding.update(0.0001, 1_000)
    funding.update(0.0001, 2_000)
    funding.update(0.0004, 3_000)
    expect(funding.changeInHour()).toBe(0)
    funding.update(0.0004, 3_601_000)
    expect(funding.changeInHour()).toBe(0)
    funding.update(0.0004, 3_601_001)
    expect(funding.changeInHour()).toBeCloseTo(0.0003, 12)
    funding.update(0.0005, 3_603_001)
    expect(funding.changeInHour()).toBeCloseTo(0.0001, 12)
  })

  it('filters longs only above the strength', () => {
    expect(readFunding(0.0014, config.funding).filterLong).toBe(false)
    expect(readFunding(0.00141, config.funding).filterLong).toBe(true)
  })
})

type Level = [ticks: number, lots: number]
const column = (rows: Level[], i: 0 | 1) => rows.map((row) => row[i])

const bookOf = (bids: Level[], asks: Level[]) => {
  const book = new OrderBook()
  book.applySnapshot(column(bids, 0), column(bids, 1), column(asks, 0), column(asks, 1))
  return book
}
const book = bookOf(
  [
    [10_000, 2],
    [9_990, 2],
    [9_980, 10],
    [9_970, 50],
    [9_960, 2],
    [9_940, 900],
  ],
  [[10_001, 1]],
)

describe('walls', () => {
  it('finds the nearest level of five medians within the distance', () => {
    expect(bookWall(book, 'below', 10_000, config.wall)).toEqual({
      price_ticks: 9_970,
      quantity_lots: 50,
      source: 'book',
    })
    expect(bookWall(book, 'above', 10_000, config.wall)).toBeNull()
    expect(bookWall(book, 'below', 10_000, { ...config.wall, median_multiple: 20 })).toBeNull()
  })

  it('finds the nearest high-volume node of the profile', () => {
    const profile = new VolumeProfile()
    for (const [bin, lots] of [
      [95, 900],
      [96, 90],
      [97, 10],
      [98, 80],
      [99, 10],
      [100, 5],
    ] as const)
      profile.add(bin, lots)
    const wall = (side: 'below' | 'above', fraction: number) =>
      profileWall(profile, 10, side, 1000, { ...config.wall, distance_fraction: fraction })
    expect(wall('below', 0.05)).toEqual({ price_ticks: 955, quantity_lots: 900, source: 'profile' })
    expect(wall('below', 0.04)).toBeNull()
    expect(wall('above', 0.05)).toBeNull()
  })

  it('trusts a book from its snapshot until its feed breaks', () => {
    const resting = new RestingBook()
    const change = { bid_ticks: [9], bid_lots: [1], ask_ticks: [11], ask_lots: [1] }
    resting.apply({ ...change, snapshot: false })
    expect(resting.current).toBeNull()
    resting.apply({ ...change, snapshot: true })
    expect(resting.spreadPercent()).toBe(20)
    resting.onFeed('stale')
    expect(resting.current).toBeNull()
    resting.onFeed('up')
    expect(resting.current).not.toBeNull()
    resting.onFeed('gap')
    resting.onFeed('up')
    expect(resting.current).toBeNull()
  })
})

const level = (bin: number, buyLots: number) => [{ bin, buyLots, sellLots: 0 }]

describe('profiles of sessions', () => {
  it('keeps the previous session and its POC until price comes back to it', () => {
    const profiles = new Profiles(10, 0.7, 2)
    profiles.fold(0, level(50, 7), 500, 509)
    expect(profiles.prices('session')).toEqual({
      pocTicks: 505,
      vahTicks: 509,
      valTicks: 500,
      volumeLots: 7,
    })
    profiles.endSession(1)
    expect(profiles.prices('session')).toBeNull()
    expect(profiles.previousPrices()?.pocTicks).toBe(505)
    profiles.fold(15_000, level(60, 7), 506, 609)
    expect(profiles.nakedPocs()).toEqual([{ sessionStartedAt: 1, pocTicks: 505 }])
    profiles.fold(30_000, level(50, 1), 500, 600)
    expect(profiles.nakedPocs()).toEqual([])
    for (const session of [2, 3, 4]) {
      profiles.fold(45_000, level(90 + session, 5), 900, 901)
      profiles.endSession(session)
    }
    expect(profiles.nakedPocs().map(({ sessionStartedAt }) => sessionStartedAt)).toEqual([3, 4])
  })

  it.each([0, 3, 4, 5, 19_943, 50_000])('day %d lies in a week that starts on Monday', (day) => {
    const time = day * 86_400_000 + 5
    const start = weekStartOf(time)
    expect(new Date(start).getUTCDay()).toBe(1)
    expect(time - start).toBeLessThan(7 * 86_400_000)
    expect(start).toBeLessThanOrEqual(time)
  })

  it('starts the day at midnight and the week on Monday', () => {
    const profiles = new Profiles(10, 0.7, 80)
    const sunday = Date.UTC(2024, 7, 11, 23, 59, 45)
    profiles.fold(sunday, level(1, 3), 10, 19)
    profiles.fold(sunday + 15_000, level(2, 4), 20, 29)
    expect(profiles.prices('session')?.volumeLots).toBe(7)
    expect(profiles.prices('day')?.volumeLots).toBe(4)
    expect(profiles.prices('week')?.volumeLots).toBe(4)
  })
})

describe('taint', () => {
  it('lasts the longest window past the hole, and a hole lasts until the feed is up', () => {
    const taint = new Taint(300_000)
    taint.feedUp(0)
    expect(taint.untilAt(0)).toBeNull()
    taint.feedDown(1_000)
    expect(taint.untilAt(2_000)).toBe(301_000)
    taint.feedUp(50_000)
    expect(taint.untilAt(349_999)).toBe(350_000)
    expect(taint.untilAt(350_000)).toBeNull()
  })
})

describe('evidence', () => {
  it('belongs to the bar in which it was seen; a trap holds for two', () => {
    const evidence = new Evidence()
    evidence.absorbed('SELL', 15_000)
    evidence.absorbed('BUY', 29_900)
    evidence.aggressive('BUY', 20_000)
    evidence.trapped('SELL', 20_000)
    expect(evidence.absorbedIn(30_000)).toEqual(['BUY', 'SELL'])
    expect(evidence.absorbedIn(45_000)).toEqual([])
    evidence.absorbed('SELL', 30_000)
    expect(evidence.aggressiveIn(45_000)).toEqual([])
    expect([30_000, 45_000, 60_000].map((at) => evidence.trappedIn(at))).toEqual([
      ['SELL'],
      ['SELL'],
      [],
    ])
  })
})
