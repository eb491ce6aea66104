import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { OpenPosition, goesThrough, keepPlace } from './index.ts'
import { lotsReaching } from './queue-place.ts'

const trade = fc.record({
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  lots: fc.integer({ min: 1, max: 1000 }),
  ticks: fc.integer({ min: 1, max: 1_000_000 }),
})

describe('a position in whole tick-lots', () => {
  it('is worth what was received for it less what was paid, at every price', () => {
    fc.assert(
      fc.property(fc.array(trade), fc.nat(1_000_000), (trades, price) => {
        const position = new OpenPosition()
        let cash = 0
        let lots = 0
        let realized = 0
        for (const { side, lots: size, ticks } of trades) {
          realized += position.trade(side, size, ticks)
          lots += side === 'BUY' ? size : -size
          cash -= side === 'BUY' ? size * ticks : -size * ticks
          expect(position.lots).toBe(lots)
          expect(position.realizedTickLots).toBe(realized)
          expect(position.realizedTickLots + position.unrealizedTickLots(price)).toBe(
            cash + lots * price,
          )
        }
      }),
    )
  })

  it('realizes nothing while it grows, and everything when it is flat', () => {
    const position = new OpenPosition()
    expect(position.trade('BUY', 3, 100)).toBe(0)
    expect(position.trade('BUY', 1, 108)).toBe(0)
    expect(position.trade('SELL', 2, 110)).toBe(220 - 204)
    // Turns around: two lots close at 90, three open.
    expect(position.trade('SELL', 5, 90)).toBe(180 - 204)
    expect(position.totals()).toEqual({ lots: -3, cashTickLots: 262, costTickLots: -270 })
    expect([position.reducible('BUY'), position.reducible('SELL')]).toEqual([3, 0])
  })
})

const order = (queueAhead: number | null) => ({
  ticket: { side: 'BUY' as const, priceTicks: 100 },
  queueAhead,
})
const print = (ticks: number, lots: number, maker: 0 | 1) => ({ ticks, lots, maker, time: 0 })

describe('a place in a queue', () => {
  it.each([
    // print, lots, maker, taken before; lots that reach the order, what is ahead of it then.
    [100, 7, 1, 0, -3, 3],
    [100, 12, 1, 0, 2, 0],
    [100, 12, 1, 4, -2, 2],
    [100, 12, 0, 0, 0, 10],
    [101, 12, 1, 0, 0, 10],
    [99, 12, 1, 0, 12, 0],
    [99, 12, 0, 5, 7, 0],
  ] as const)(
    'a print at %d of %d, maker %d, %d gone: %d',
    (ticks, lots, maker, gone, reach, ahead) => {
      const one = order(10)
      expect(lotsReaching(one, print(ticks, lots, maker), gone)).toBe(reach)
      expect(one.queueAhead).toBe(ahead)
    },
  )

  it('unknown is served only by what goes through it', () => {
    const one = order(null)
    expect(lotsReaching(one, print(100, 50, 1), 0)).toBe(0)
    expect(lotsReaching(one, print(99, 50, 1), 0)).toBe(50)
    expect(goesThrough(one.ticket, 100)).toBe(false)
    keepPlace(one, 3)
    expect(one.queueAhead).toBeNull()
  })

  it('gets better where the whole level is smaller, never worse', () => {
    const one = order(10)
    keepPlace(one, 40)
    expect(one.queueAhead).toBe(10)
    keepPlace(one, 4)
    expect(one.queueAhead).toBe(4)
  })
})
