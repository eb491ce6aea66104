import { describe, expect, it } from '@jest/globals'
import { OrderBook, type MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { GeneratedSource } from './generated-source.ts'

const START = Date.UTC(2026, 0, 5, 8)
const instrument = (symbol: string) => testInstrument({ venue: 'generated', symbol })
const BTC = { instrument: instrument('BTCUSDT'), startPrice: '60000' }
const ETH = { instrument: instrument('ETHUSDT'), startPrice: '3000' }
const source = (symbols = [BTC], seed = 7): GeneratedSource =>
  new GeneratedSource({ symbols, seed, startTime: START })

const take = (lots: number, side: 'BUY' | 'SELL' = 'BUY') => ({
  symbol: 'BTCUSDT',
  side,
  lots,
  priceTicks: 600_000,
})

const times = (events: readonly MarketEvent[]): number[] =>
  events.map((event) => ('time' in event ? (event.time ?? 0) : 0))

const of = (events: readonly MarketEvent[], symbol: string): unknown[] =>
  events.filter((event) => 'symbol' in event && event.symbol === symbol)

/** Middle of the book in ticks after everything that was told. */
const middle = (events: readonly MarketEvent[]): number => {
  const book = new OrderBook()
  for (const event of events)
    if (event.kind === 'depth') {
      const { bidTicks, bidLots, askTicks, askLots } = event
      if (event.snapshot) book.applySnapshot(bidTicks, bidLots, askTicks, askLots)
      else book.applyDelta(bidTicks, bidLots, askTicks, askLots)
    }
  return (book.bestBid()! + book.bestAsk()!) / 2
}

describe('GeneratedSource', () => {
  it('is the same in one long step as in many short ones', () => {
    const long = source([BTC, ETH]).advanceTo(START + 20_000)
    const stepped = source([BTC, ETH])
    const short: MarketEvent[] = []
    for (let at = START; at <= START + 20_000; at += 37) short.push(...stepped.advanceTo(at))
    short.push(...stepped.advanceTo(START + 20_000))
    expect(of(short, 'BTCUSDT')).toEqual(of(long, 'BTCUSDT'))
    expect(of(short, 'ETHUSDT')).toEqual(of(long, 'ETHUSDT'))
  })

  it('tells in the order of time, never ahead of the clock, a whole book first', () => {
    const made = source([BTC, ETH])
    const events = [...made.advanceTo(START + 10_000)]
    expect(times(events)).toEqual(times(events).toSorted((a, b) => a - b))
    expect(times(events).at(-1)).toBeLessThanOrEqual(START + 10_000)
    expect(times(made.advanceTo(START + 10_500))[0]).toBeGreaterThan(START + 10_000)
    for (const symbol of ['BTCUSDT', 'ETHUSDT'])
      expect(events.find((event) => 'symbol' in event && event.symbol === symbol)).toMatchObject({
        kind: 'depth',
        snapshot: true,
        time: START,
      })
    expect(made.advanceTo(START + 10_000)).toEqual([])
  })

  it('begins at any millisecond, and tells nothing from before', () => {
    const late = new GeneratedSource({ symbols: [BTC], seed: 7, startTime: START + 93 })
    const [first, ...others] = times(late.advanceTo(START + 3000))
    expect(first).toBe(START + 93)
    expect(Math.min(...others)).toBe(START + 93)
  })

  it('makes a symbol the same, whichever others are beside it', () => {
    const alone = source([ETH]).advanceTo(START + 5000)
    const beside = source([BTC, ETH]).advanceTo(START + 5000)
    expect(of(beside, 'ETHUSDT')).toEqual(alone)
    expect(source([ETH], 8).advanceTo(START + 5000)).not.toEqual(alone)
  })

  it('gives way to what clients take: the more, the further; the same takes, the same market', () => {
    const after = (
      ...takes: ReturnType<typeof take>[]
    ): { moved: number; events: MarketEvent[] } => {
      const made = source()
      const events = [...made.advanceTo(START + 5000)]
      for (const one of takes) made.taken(one)
      events.push(...made.advanceTo(START + 5400))
      return { moved: middle(events), events }
    }
    const still = after().moved
    const little = after(take(10)).moved - still
    const some = after(take(10_000)).moved - still
    const much = after(take(100_000)).moved - still
    expect(Math.abs(little)).toBeLessThan(20)
    expect(some).toBeGreaterThan(20)
    // Impact grows as the square root of what was taken.
    expect(much).toBeGreaterThan(2 * some)
    expect(after(take(100_000, 'SELL')).moved - still).toBeLessThan(-2 * some)
    expect(after(take(100_000)).events).toEqual(after(take(100_000)).events)
    expect(after(take(0)).events).toEqual(after().events)
  })
})
