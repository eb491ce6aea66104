import { describe, expect, it } from '@jest/globals'
import { autocorrelation } from '../market-facts/index.ts'
import { Activity } from './activity.ts'
import { PriceImpact } from './price-impact.ts'
import { Providers } from './providers.ts'
import { QuotedBook } from './quoted-book.ts'
import { Random } from './random.ts'
import { SignMemory } from './sign-memory.ts'
import { StopClusters } from './stop-clusters.ts'

const SIGMA = 1.8
const impact = (): PriceImpact =>
  new PriceImpact({
    startTicks: 600_000,
    meanLots: 300,
    sizeSigma: SIGMA,
    perOrder: 1e-5,
    stepMs: 100,
  })

describe('SignMemory', () => {
  it('expects what went on to go on, never for certain, and forgets', () => {
    const memory = new SignMemory()
    expect(memory.expected).toBe(0)
    for (let i = 0; i < 5000; i++) memory.push(1)
    const sure = memory.expected
    expect(sure).toBeGreaterThan(0.3)
    expect(sure).toBeLessThan(0.9)
    memory.push(-1)
    expect(memory.expected).toBeLessThan(sure)
    for (let i = 0; i < 5000; i++) memory.push(-1)
    expect(memory.expected).toBeCloseTo(-sure, 1)
  })
})

/** Ticks that a buy of `lots` moves the price. */
const moved = (lots: number, expected: number): number => {
  const made = impact()
  made.push(1, lots, expected, 1, 0)
  return made.price - 600_000
}

describe('PriceImpact', () => {
  it('does not move for flow that is as expected, however one-sided it is', () => {
    const random = new Random(3)
    const made = impact()
    const moves: number[] = []
    const expected = 0.6
    for (let i = 0; i < 200_000; i++) {
      const before = made.price
      const sign = random.chance((1 + expected) / 2) ? 1 : -1
      made.push(sign, random.lognormal(300, SIGMA), expected, 1, 0)
      moves.push((made.price - before) / made.unit)
    }
    const mean = moves.reduce((sum, one) => sum + one, 0) / moves.length
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(autocorrelation(moves, 1))).toBeLessThan(0.01)
  })

  it('answers an order by the square root of its size, and by what was not expected of its side', () => {
    expect(moved(1200, 0)).toBeCloseTo(2 * moved(300, 0), 6)
    expect(moved(300, 0.5)).toBeLessThan(moved(300, 0))
    expect(moved(300, -0.5)).toBeGreaterThan(moved(300, 0))
  })

  it('takes back what was forced', () => {
    const made = impact()
    for (let i = 0; i < 100; i++) made.push(1, 300, 0.2, 1, 0.6)
    const atOnce = made.price
    for (let i = 0; i < 6000; i++) made.step()
    expect(made.price).toBeLessThan(atOnce)
    expect(made.price).toBeGreaterThan(600_000)
  })

  it('of what outsiders took nearly all comes back, and a round trip leaves nothing', () => {
    const made = impact()
    made.take(1, 100_000)
    const atOnce = made.price - 600_000
    for (let i = 0; i < 100; i++) made.step()
    const later = made.price - 600_000
    for (let i = 0; i < 36_000; i++) made.step()
    const lasting = made.price - 600_000
    expect(atOnce).toBeGreaterThan(later)
    expect(later).toBeGreaterThan(2 * lasting)
    expect(lasting).toBeGreaterThan(0)
    made.take(-1, 100_000)
    for (let i = 0; i < 36_000; i++) made.step()
    expect(Math.abs(made.price - 600_000)).toBeLessThan(0.01 * lasting)
  })
})

describe('Activity', () => {
  it('is a mean of its base times its family over long, with bursts and quiet hours', () => {
    const rates: number[] = []
    for (let seed = 0; seed < 12; seed++) {
      const random = new Random(seed)
      const activity = new Activity(random, 8, 100)
      for (let hour = 0; hour < 24; hour += 6)
        for (let i = 0; i < 3000; i++) {
          const rate = activity.step(hour * 3_600_000 + i * 100)
          const orders = random.poisson(rate / 10)
          for (let k = 0; k < orders; k++) activity.excite()
          rates.push(rate)
        }
    }
    const mean = rates.reduce((sum, one) => sum + one, 0) / rates.length
    expect(mean / (8 * Activity.meanOrders)).toBeGreaterThan(0.7)
    expect(mean / (8 * Activity.meanOrders)).toBeLessThan(1.6)
    expect(rates.some((rate) => rate > 4 * mean)).toBe(true)
    expect(rates.some((rate) => rate < mean / 4)).toBe(true)
  })
})

describe('StopClusters', () => {
  it('go off once, beyond the extreme that price turned at', () => {
    const stops = new StopClusters(new Random(1), 100_000)
    const path = [100_500, 101_000, 100_900, 100_700, 100_990, 101_000]
    expect(path.map((ticks) => stops.reach(ticks))).toEqual([0, 0, 0, 0, 0, 0])
    expect(stops.reach(101_040)).toBe(1)
    expect(stops.reach(101_050)).toBe(0)
    // Turned at 101,050 and, before that, at 100,700.
    expect(stops.reach(100_700)).toBe(0)
    expect(stops.reach(100_660)).toBe(-1)
  })
})

const stage = () => {
  const random = new Random(4)
  const book = new QuotedBook({
    random,
    center: 600_000.5,
    meanLots: 300,
    gapTicks: 4,
    roundTicks: 1000,
  })
  const providers = new Providers(random, book)
  const spread = (price: number, isAhead = false): number => {
    providers.quote({ price, unit: 12, restless: 1, isAhead })
    return book.bestAsk() - book.bestBid()
  }
  return { book, spread }
}

describe('Providers', () => {
  it('quote a tick in calm, and more after a jump or ahead of one; then close it again', () => {
    const { book, spread } = stage()
    expect(spread(600_000.5)).toBe(1)
    const jumps = Array.from({ length: 20 }, (_, i) => spread(600_000.5 + (i + 1) * 300))
    expect(Math.max(...jumps)).toBeGreaterThan(5)
    for (let i = 0; i < 10; i++) spread(book.center)
    expect(spread(book.center)).toBe(1)
    const ahead = Array.from({ length: 20 }, () => spread(book.center, true))
    expect(Math.max(...ahead)).toBeGreaterThan(1)
  })

  it('stay where they are while the price has not gone far', () => {
    const { book, spread } = stage()
    spread(600_100.5)
    const center = book.center
    const followed = Array.from({ length: 50 }, () => {
      spread(center + 0.01)
      return book.center
    })
    expect(followed.filter((at) => at === center).length).toBeGreaterThan(40)
    spread(center + 400)
    expect(book.center).toBe(center + 400)
  })
})
