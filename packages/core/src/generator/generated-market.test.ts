import { describe, expect, it } from '@jest/globals'
import { testInstrument } from '@tapedeck/test-data'
import { MarketComposer } from '../market/market-composer.ts'
import type { MarketEvent } from '../market/market-event.ts'
import { OrderBook } from '../order-book/order-book.ts'
import { GeneratedMarket } from './generated-market.ts'
import { Random } from './random.ts'

const instrument = testInstrument({ venue: 'generated' })
const START = Date.UTC(2026, 0, 5, 8)
const market = (seed: number): GeneratedMarket =>
  new GeneratedMarket({ instrument, seed, startTime: START, startPrice: '60000' })

const play = (seed: number, slices: number): MarketEvent[] => {
  const made = market(seed)
  const events: MarketEvent[] = [made.bookSnapshot()]
  for (let i = 0; i < slices; i++) events.push(...made.next())
  return events
}

describe('Random', () => {
  it('gives the numbers of its seed, goes on from a snapshot, and is fair', () => {
    const a = new Random(42)
    const b = new Random(42)
    const draws = Array.from({ length: 10_000 }, () => a.next())
    expect(draws.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => b.next()))
    const c = new Random(b.snapshot())
    expect(c.next()).toBe(b.next())
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01)
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true)
    expect(new Random(43).next()).not.toBe(draws[0])
  })
})

describe('GeneratedMarket', () => {
  it('is the same market for the same seed, and another for another', () => {
    expect(play(7, 600)).toEqual(play(7, 600))
    expect(play(7, 50)).not.toEqual(play(8, 50))
  })

  it('tells an unbroken story: ids and updates follow, no print off the book, never crossed', () => {
    const composer = new MarketComposer({ instruments: [instrument] })
    const book = new OrderBook()
    const problems: unknown[] = []
    for (const event of play(3, 6000)) {
      composer.push([event])
      if (event.kind !== 'depth') continue
      if (event.snapshot)
        book.applySnapshot(event.bidTicks, event.bidLots, event.askTicks, event.askLots)
      else book.applyDelta(event.bidTicks, event.bidLots, event.askTicks, event.askLots)
      if (book.isCrossed() || book.bestBid() === null || book.bestAsk() === null)
        problems.push(event)
    }
    expect(problems).toEqual([])
    const counts = composer.counts()['BTCUSDT']!
    expect(counts).toMatchObject({
      missing: 0,
      duplicates: 0,
      late: 0,
      rejected: 0,
      retimed: 0,
      depthGaps: 0,
      priceJumps: 0,
    })
    expect(counts.trades).toBeGreaterThan(2000)
  })

  it('absorbs: somewhere, much is sold into a price that does not give way', () => {
    const acts = [{ character: 'trend_up', minutes: 60 }] as const
    const made = new GeneratedMarket({
      instrument,
      seed: 5,
      startTime: START,
      startPrice: '60000',
      acts,
    })
    const prints: { time: number; price: number; sold: number }[] = []
    for (let i = 0; i < 18_000; i++)
      for (const event of made.next())
        if (event.kind === 'trade' && event.maker === 1)
          prints.push({ time: event.time, price: event.priceTicks, sold: event.quantityLots })
    const soldAt = new Map<string, number>()
    for (const { time, price, sold } of prints) {
      const key = `${Math.floor(time / 15_000)}|${price}`
      soldAt.set(key, (soldAt.get(key) ?? 0) + sold)
    }
    const most = Math.max(...soldAt.values())
    const median = [...soldAt.values()].toSorted((a, b) => a - b)[soldAt.size >> 1]!
    expect(most).toBeGreaterThan(20 * median)
  })

  it('refuses a start price off the grid', () => {
    expect(
      () => new GeneratedMarket({ instrument, seed: 1, startTime: START, startPrice: '60000.05' }),
    ).toThrow('expected a positive multiple of 0.1')
  })
})
