import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Json } from '../decider.ts'
import { OrderBook } from './order-book.ts'

type Change = { side: 'bid' | 'ask'; ticks: number; lots: number }

const change: fc.Arbitrary<Change> = fc.record({
  side: fc.constantFrom('bid', 'ask'),
  ticks: fc.integer({ min: 1, max: 60 }),
  lots: fc.integer({ min: 0, max: 5 }),
})

const naive = (changes: readonly Change[], side: 'bid' | 'ask'): [number, number][] => {
  const levels = new Map<number, number>()
  for (const one of changes) if (one.side === side) levels.set(one.ticks, one.lots)
  return [...levels]
    .filter(([, lots]) => lots > 0)
    .toSorted(([a], [b]) => (side === 'bid' ? b - a : a - b))
}

const pairs = (levels: { ticks: number[]; lots: number[] }): [number, number][] =>
  levels.ticks.map((ticks, row) => [ticks, levels.lots[row]!])

const apply = (book: OrderBook, { side, ticks, lots }: Change): void =>
  side === 'bid'
    ? book.applyDelta([ticks], [lots], [], [])
    : book.applyDelta([], [], [ticks], [lots])

describe('OrderBook', () => {
  it('agrees with a naive map after any changes, and after being saved and restored', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), fc.nat(200), (changes, cut) => {
        let book = new OrderBook()
        changes.forEach((one, index) => {
          if (index === cut)
            book = OrderBook.restore(JSON.parse(JSON.stringify(book.snapshot())) as Json)
          apply(book, one)
        })
        const bids = naive(changes, 'bid')
        const asks = naive(changes, 'ask')
        expect(pairs(book.levels('bid', 1000))).toEqual(bids)
        expect(pairs(book.levels('ask', 1000))).toEqual(asks)
        expect(pairs(book.levels('ask', 3))).toEqual(asks.slice(0, 3))
        expect(book.bestBid()).toBe(bids[0]?.[0] ?? null)
        expect(book.bestAsk()).toBe(asks[0]?.[0] ?? null)
        expect(book.depth('bid')).toBe(bids.length)
        expect(book.isEmpty()).toBe(bids.length + asks.length === 0)
        expect(book.isCrossed()).toBe(
          bids.length > 0 && asks.length > 0 && bids[0]![0] >= asks[0]![0],
        )
        for (const [ticks, lots] of bids) expect(book.lotsAt('bid', ticks)).toBe(lots)
        expect(book.lotsAt('bid', 61)).toBe(0)
      }),
    )
  })

  it('forgets every level when a snapshot comes', () => {
    const book = new OrderBook()
    book.applyDelta([5, 6], [1, 1], [7], [1])
    book.applySnapshot([4], [2], [9, 8], [3, 4])
    expect(book.levels('bid', 9)).toEqual({ ticks: [4], lots: [2] })
    expect(book.levels('ask', 9)).toEqual({ ticks: [8, 9], lots: [4, 3] })
  })
})
