import { describe, expect, it } from '@jest/globals'
import { Random } from '../generator/index.ts'
import type { DepthEvent, TradeEvent } from '../market/market-event.ts'
import {
  MarketObserver,
  autocorrelation,
  correlation,
  followerGain,
  impactExponent,
  marketFactsOf,
  priceFactsOf,
  returnsOver,
  varianceRatio,
} from './index.ts'

/** Prices whose returns remember `memory` of the one before. */
const walk = (count: number, memory: number): number[] => {
  const random = new Random(5)
  const prices = [100]
  let last = 0
  for (let i = 0; i < count; i++) {
    last = memory * last + random.normal() * 1e-4
    prices.push(prices.at(-1)! * Math.exp(last))
  }
  return prices
}

/** Rows of impact that grows with a power of size. */
const rows = (power: number) =>
  [1, 10, 100].map((lots) => {
    const ticks = lots ** power
    return { lots, orders: 5, after: { '1s': ticks, '10s': ticks, '60s': -1 } }
  })

describe('facts of a series', () => {
  it.each([
    ['alternating', [1, -1, 1, -1, 1, -1, 1, -1], 1, -0.875],
    ['alternating, two later', [1, -1, 1, -1, 1, -1, 1, -1], 2, 0.75],
    ['constant', [3, 3, 3, 3], 1, 0],
    ['too short for the lag', [1, 2], 1, 0],
  ])('autocorrelation: %s', (_, values, lag, expected) => {
    expect(autocorrelation(values, lag)).toBeCloseTo(expected, 12)
  })

  it('correlation is 1 of a series with its multiple, 0 with a constant', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12)
    expect(correlation([1, 2, 3], [5, 5, 5])).toBe(0)
  })

  it('returns follow each other and leave out what is no whole one', () => {
    expect(returnsOver([1, Math.E, Math.E ** 3, 7], 1).slice(0, 2)).toEqual([1, 2])
    expect(returnsOver([1, 2, 3, 4, 5, 6], 2)).toHaveLength(2)
  })

  it('a follower earns where returns persist, pays where they turn, and what the memory is worth', () => {
    expect(followerGain([1, 1, 1])).toBe(1)
    expect(followerGain([1, -1, 1, -1])).toBe(-1)
    expect(followerGain([0.1, 2, 0.1], [-1, 1, 1])).toBeCloseTo((-2 + 0.1) / 2.1, 12)
    expect(followerGain(returnsOver(walk(20_000, 0.3), 1))).toBeGreaterThan(0.2)
    expect(Math.abs(followerGain(returnsOver(walk(20_000, 0), 1)))).toBeLessThan(0.02)
  })

  it('variance grows with time for a walk, faster where it trends, slower where it comes back', () => {
    expect(varianceRatio(walk(20_000, 0), 1, 10)).toBeCloseTo(1, 1)
    expect(varianceRatio(walk(20_000, 0.3), 1, 10)).toBeGreaterThan(1.5)
    expect(varianceRatio(walk(20_000, -0.3), 1, 10)).toBeLessThan(0.7)
    expect(varianceRatio(walk(50, 0), 1, 10)).toBeNull()
  })

  it('tells nothing of lengths that it has too few of', () => {
    const { returns, ratios } = priceFactsOf(walk(1000, 0), 1, 10)
    expect(Object.keys(returns)).toEqual(['1s', '10s'])
    expect(ratios).toEqual({})
    expect(returns['1s']!.kurtosis).toBeLessThan(1)
  })

  it('tells a square root from a line', () => {
    expect(impactExponent(rows(0.5), '1s')).toBeCloseTo(0.5, 12)
    expect(impactExponent(rows(1), '10s')).toBeCloseTo(1, 12)
    expect(impactExponent(rows(1), '60s')).toBe(0)
  })
})

const depth = (time: number, bid: number, ask: number, snapshot = false): DepthEvent => ({
  kind: 'depth',
  symbol: 'X',
  snapshot,
  firstId: time,
  lastId: time,
  previousId: null,
  time,
  bidTicks: snapshot ? [bid, bid - 1] : [bid, bid - 1, bid - 2],
  bidLots: snapshot ? [4, 6] : [0, 3, 6],
  askTicks: [ask, ask + 1],
  askLots: [2, 8],
})
const print = (time: number, maker: 0 | 1, quantityLots: number, excluded = false): TradeEvent => ({
  kind: 'trade',
  symbol: 'X',
  id: time,
  priceTicks: 100,
  quantityLots,
  time,
  maker,
  excluded,
})

describe('MarketObserver', () => {
  it('samples the book by the second, joins the prints of an order, and counts nothing twice', () => {
    const seen = new MarketObserver()
    seen.push(print(900, 0, 50))
    seen.push(depth(1000, 100, 101, true))
    seen.push(print(1100, 0, 3))
    seen.push(print(1100, 0, 2))
    seen.push(print(1100, 1, 1))
    seen.push(print(1500, 1, 7, true))
    seen.push(depth(2500, 100, 103))
    seen.push(depth(4100, 99, 103))
    expect(seen.middles).toEqual([100.5, 100, 100])
    expect(seen.spreads).toEqual([1, 2, 2])
    expect(seen.prints).toEqual([3, 0, 0])
    expect(seen.imbalances).toEqual([4, 0, 0])
    expect(seen.bestLots[0]).toBe(3)
    expect(seen.nearLots[0]).toBe(10)
    expect(seen.orders).toEqual([
      { second: 0, sign: 1, lots: 5, middle: 100.5 },
      { second: 0, sign: -1, lots: 1, middle: 100.5 },
    ])
    expect(seen.quoteLives).toEqual([1500, 1600])
  })

  it('has facts of a market that is too short for most of them, none of them NaN', () => {
    const seen = new MarketObserver()
    seen.push(depth(1000, 100, 101, true))
    for (let second = 1; second < 40; second++) seen.push(print(second * 1000 + 5, 0, 2))
    const facts = marketFactsOf(seen)
    expect(facts.returns['10s']).toBeUndefined()
    expect(facts.spread).toMatchObject({ one: 1, wide: 0 })
    expect(JSON.stringify(facts)).not.toContain('null')
  })
})
