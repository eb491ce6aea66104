import { describe, expect, it } from '@jest/globals'
import { GeneratedMarket, OrderBook, type DepthEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'

/**
 * What the generated market has in common with real ones, and what it has not: docs/venue-simulator.md
 * repeats these figures. Bounds are loose around what four hours of several seeds show.
 */
const START = Date.UTC(2026, 0, 5, 8)
const SLICES_A_SECOND = 10
const SECONDS = 2 * 3600

const market = (seed: number): GeneratedMarket =>
  new GeneratedMarket({
    instrument: testInstrument({ venue: 'generated' }),
    seed,
    startTime: START,
    startPrice: '60000',
  })

const applyTo = (book: OrderBook, event: DepthEvent): void => {
  const { bidTicks, bidLots, askTicks, askLots } = event
  if (event.snapshot) book.applySnapshot(bidTicks, bidLots, askTicks, askLots)
  else book.applyDelta(bidTicks, bidLots, askTicks, askLots)
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const excessKurtosis = (values: readonly number[]): number => {
  const middle = mean(values)
  const variance = mean(values.map((value) => (value - middle) ** 2))
  return mean(values.map((value) => (value - middle) ** 4)) / variance ** 2 - 3
}

const autocorrelation = (values: readonly number[], lag: number): number => {
  const middle = mean(values)
  const away = values.map((value) => value - middle)
  const product = away.slice(lag).reduce((sum, value, i) => sum + value * away[i]!, 0)
  return product / away.reduce((sum, value) => sum + value * value, 0)
}

/** Two hours of one seed: middles and spreads by the second, signs of prints, prints by the second. */
const observe = (seed: number) => {
  const made = market(seed)
  const book = new OrderBook()
  applyTo(book, made.bookSnapshot())
  const seen = { middles: [] as number[], spreads: [] as number[], signs: [] as number[] }
  const rates: number[] = []
  for (let second = 0; second < SECONDS; second++) {
    const before = seen.signs.length
    for (let i = 0; i < SLICES_A_SECOND; i++)
      for (const event of made.next())
        if (event.kind === 'depth') applyTo(book, event)
        else if (event.kind === 'trade') seen.signs.push(event.maker === 0 ? 1 : -1)
    seen.middles.push((book.bestBid()! + book.bestAsk()!) / 2)
    seen.spreads.push(book.bestAsk()! - book.bestBid()!)
    rates.push(seen.signs.length - before)
  }
  return { ...seen, rates }
}

const returns = (middles: readonly number[], every: number): number[] => {
  const sampled = middles.filter((_, i) => i % every === 0)
  return sampled.slice(1).map((price, i) => Math.log(price / sampled[i]!))
}

describe('the generated market against the facts of real ones', () => {
  const { middles, spreads, signs, rates } = observe(3)
  const tens = returns(middles, 10)

  it('has heavy tails', () => {
    expect(excessKurtosis(returns(middles, 1))).toBeGreaterThan(1)
    expect(excessKurtosis(tens)).toBeGreaterThan(1)
  })

  it('clusters its volatility over tens of seconds', () => {
    const sizes = tens.map(Math.abs)
    expect(autocorrelation(sizes, 1)).toBeGreaterThan(0.15)
  })

  it('has runs of one-sided flow, and bursts', () => {
    expect(autocorrelation(signs, 1)).toBeGreaterThan(0.2)
    expect(autocorrelation(signs, 50)).toBeGreaterThan(0.05)
    expect(autocorrelation(rates, 10)).toBeGreaterThan(0.3)
  })

  it('has the spread of a liquid perpetual: a tick', () => {
    expect(spreads.every((spread) => spread >= 1)).toBe(true)
    expect(mean(spreads)).toBeLessThan(1.5)
  })

  it('is no efficient market: what happened tells what comes', () => {
    // A reader of this market must not take a profit here for one elsewhere.
    expect(autocorrelation(tens, 1)).toBeGreaterThan(0.1)
  })
})

/** Middle and displayed lots near it, some time after an order for `lots`. */
const after = (lots: number, slices: number): { middle: number; near: number } => {
  const made = market(3)
  const book = new OrderBook()
  applyTo(book, made.bookSnapshot())
  for (let i = -100; i < slices; i++) {
    if (i === 0) made.take(true, lots)
    for (const event of made.next()) if (event.kind === 'depth') applyTo(book, event)
  }
  const middle = (book.bestBid()! + book.bestAsk()!) / 2
  const asks = book.levels('ask', 10)
  return { middle, near: asks.lots.reduce((sum, one) => sum + one, 0) }
}

describe('a large order from outside', () => {
  it('moves the price by more, the larger it is, and the book refills around the new one', () => {
    const [none, small, large] = [0, 5000, 50_000].map((lots) => after(lots, 1))
    expect(small!.middle).toBeGreaterThan(none!.middle + 10)
    expect(large!.middle - none!.middle).toBeGreaterThan(4 * (small!.middle - none!.middle))
    const later = after(50_000, 100)
    expect(later.near).toBeGreaterThan(0.2 * after(0, 100).near)
    expect(later.middle).toBeGreaterThan(after(0, 100).middle)
  })
})
