import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { GeneratedMarket, OrderBook, type DepthEvent } from '@tapedeck/core'
import { BTCUSDT, START } from './generated-market.fixture.ts'
import type { SeedFacts } from './observe-seeds.fixture.ts'

/**
 * What the generated market has in common with real ones. docs/venue-simulator.md repeats these figures;
 * `node tools/market-facts/measure.ts` measures them, of seeds and of recordings.
 */
const HOURS = 12
const SEEDS: readonly number[] = [1, 2, 3, 4]

const observe = async (): Promise<readonly SeedFacts[]> =>
  await new Promise((resolve, reject) => {
    const worker = new Worker(new URL('observe-seeds.fixture.ts', import.meta.url), {
      workerData: { seeds: SEEDS, hours: HOURS },
    })
    worker.once('message', resolve)
    worker.once('error', reject)
  })

type Band = readonly [low: number, high: number]
type Row = {
  readonly fact: string
  readonly of: (facts: SeedFacts) => number
  /** What real markets show: minutes of Binance's BTCUSDT with its book, months of prices by the minute. */
  readonly real: Band
  /** What every seed has to show. */
  readonly each: Band
  /** What the mean of all seeds has to show. */
  readonly mean: Band
}

const ROWS: readonly Row[] = [
  {
    fact: 'autocorrelation of returns over 1 s',
    of: ({ market: { returns } }) => returns['1s']!.autocorrelation,
    real: [-0.09, 0.13],
    each: [-0.08, 0.08],
    mean: [-0.05, 0.05],
  },
  {
    fact: 'autocorrelation of returns over 10 s',
    of: ({ market: { returns } }) => returns['10s']!.autocorrelation,
    real: [-0.41, 0.01],
    each: [-0.07, 0.07],
    mean: [-0.05, 0.05],
  },
  {
    fact: 'autocorrelation of returns over 1 minute',
    of: ({ market: { returns } }) => returns['1m']!.autocorrelation,
    real: [-0.02, 0.03],
    each: [-0.13, 0.13],
    mean: [-0.05, 0.05],
  },
  {
    fact: 'variance of 1 minute to six times that of 10 s',
    of: ({ market: { ratios } }) => ratios['1m']!,
    real: [0.95, 1.1],
    each: [0.85, 1.2],
    mean: [0.9, 1.1],
  },
  {
    fact: 'variance of 5 minutes to five times that of 1 minute',
    of: ({ minutes: { ratios } }) => ratios['5m']!,
    real: [0.94, 1.03],
    each: [0.7, 1.3],
    mean: [0.85, 1.15],
  },
  {
    fact: 'gain of who follows the last 10 s, in returns of 10 s',
    of: ({ market: { returns } }) => returns['10s']!.follower,
    real: [-0.48, 0.28],
    each: [-0.06, 0.06],
    mean: [-0.03, 0.03],
  },
  {
    fact: 'gain of who follows the last minute, in returns of a minute',
    of: ({ market: { returns } }) => returns['1m']!.follower,
    real: [-0.06, 0.06],
    each: [-0.13, 0.13],
    mean: [-0.05, 0.05],
  },
  {
    fact: 'gain of who follows the flow of the last 10 s, in returns of 10 s',
    of: ({ market: { flowFollower } }) => flowFollower['10s']!,
    real: [-0.37, 0.2],
    each: [-0.09, 0.09],
    mean: [-0.06, 0.06],
  },
  {
    fact: 'excess kurtosis of returns over 10 s',
    of: ({ market: { returns } }) => returns['10s']!.kurtosis,
    real: [0.5, 1.7],
    each: [2, 40],
    mean: [4, 25],
  },
  {
    fact: 'excess kurtosis of returns over 1 minute',
    of: ({ market: { returns } }) => returns['1m']!.kurtosis,
    real: [1.1, 23],
    each: [1, 20],
    mean: [2, 15],
  },
  {
    fact: 'size of a return over 1 minute, basis points',
    of: ({ market: { returns } }) => returns['1m']!.size,
    real: [2.5, 6.3],
    each: [2, 9],
    mean: [3, 6],
  },
  {
    fact: 'autocorrelation of sizes of a minute, at the next',
    of: ({ minutes: { clusters } }) => clusters['1m']!,
    real: [0.17, 0.33],
    each: [0.1, 0.5],
    mean: [0.17, 0.4],
  },
  {
    fact: 'autocorrelation of sizes of a minute, 5 minutes later',
    of: ({ minutes: { clusters } }) => clusters['5m']!,
    real: [0.03, 0.25],
    each: [0.05, 0.45],
    mean: [0.1, 0.3],
  },
  {
    fact: 'autocorrelation of the sides of orders, at the next',
    of: ({ market: { signs } }) => signs['1']!,
    real: [0.2, 0.41],
    each: [0.15, 0.3],
    mean: [0.15, 0.3],
  },
  {
    fact: 'autocorrelation of the sides of orders, at the fiftieth',
    of: ({ market: { signs } }) => signs['50']!,
    real: [0.03, 0.05],
    each: [0.03, 0.12],
    mean: [0.03, 0.12],
  },
  {
    fact: 'correlation of flow and return within 10 s',
    of: ({ market: { flowAndReturn } }) => flowAndReturn['10s']!,
    real: [0.42, 0.68],
    each: [0.35, 0.7],
    mean: [0.4, 0.7],
  },
  {
    fact: 'exponent of impact in the size of an order',
    of: ({ market: { impactExponent } }) => impactExponent,
    real: [0.22, 0.38],
    each: [0.3, 0.65],
    mean: [0.35, 0.6],
  },
  {
    fact: 'share of seconds with a spread of one tick',
    of: ({ market: { spread } }) => spread.one,
    real: [0.997, 0.998],
    each: [0.94, 0.999],
    mean: [0.95, 0.999],
  },
  {
    fact: 'spread in the busiest seconds to that of the others',
    of: ({ market: { spread } }) => spread.inBursts,
    real: [1.35, 1.44],
    each: [1.2, 2.5],
    mean: [1.3, 2.2],
  },
  {
    fact: 'median size of an order to its mean',
    of: ({ market: { sizes } }) => sizes.median,
    real: [0.05, 0.08],
    each: [0.1, 0.3],
    mean: [0.1, 0.3],
  },
  {
    fact: 'autocorrelation of prints a second, 5 minutes later',
    of: ({ market: { printCounts } }) => printCounts['300s']!,
    real: [0, 0.2],
    each: [0.05, 0.6],
    mean: [0.08, 0.4],
  },
]

describe('the generated market against the facts of real ones', () => {
  let seen: readonly SeedFacts[] = []
  beforeAll(async () => {
    seen = await observe()
  }, 300_000)

  it.each(ROWS)('$fact', ({ of, each, mean }) => {
    const figures = seen.map(of)
    for (const figure of figures) {
      expect(figure).toBeGreaterThanOrEqual(each[0])
      expect(figure).toBeLessThanOrEqual(each[1])
    }
    const middle = figures.reduce((sum, figure) => sum + figure, 0) / figures.length
    expect(middle).toBeGreaterThanOrEqual(mean[0])
    expect(middle).toBeLessThanOrEqual(mean[1])
  })
})

const applyTo = (book: OrderBook, event: DepthEvent): void => {
  const { bidTicks, bidLots, askTicks, askLots } = event
  if (event.snapshot) book.applySnapshot(bidTicks, bidLots, askTicks, askLots)
  else book.applyDelta(bidTicks, bidLots, askTicks, askLots)
}

/** Middle and displayed lots near it, some time after orders for `lots`, cut into `pieces`. */
const after = (
  seed: number,
  lots: number,
  slices: number,
  pieces = 1,
): { middle: number; near: number } => {
  const made = new GeneratedMarket({
    instrument: BTCUSDT,
    seed,
    startTime: START,
    startPrice: '60000',
  })
  const book = new OrderBook()
  applyTo(book, made.bookSnapshot())
  for (let i = -100; i < slices; i++) {
    if (i === 0 && lots > 0) for (let k = 0; k < pieces; k++) made.take(true, lots / pieces)
    for (const event of made.next()) if (event.kind === 'depth') applyTo(book, event)
  }
  const middle = (book.bestBid()! + book.bestAsk()!) / 2
  const asks = book.levels('ask', 10)
  return { middle, near: asks.lots.reduce((sum, one) => sum + one, 0) }
}

const MANY = Array.from({ length: 24 }, (_, i) => i + 1)

/** Mean ticks by which orders moved the middle, over many seeds. */
const moved = (lots: number, slices: number, pieces = 1): number => {
  const all = MANY.map(
    (seed) => after(seed, lots, slices, pieces).middle - after(seed, 0, slices).middle,
  )
  return all.reduce((sum, one) => sum + one, 0) / all.length
}

describe('a large order from outside', () => {
  it('moves the price by the square root of its size, however it is cut, and the book refills', () => {
    const [small, large, cut] = [moved(10_000, 1), moved(100_000, 1), moved(100_000, 1, 50)]
    expect(small).toBeGreaterThan(40)
    expect(large / small).toBeGreaterThan(2.2)
    expect(large / small).toBeLessThan(4.5)
    expect(Math.abs(cut / large - 1)).toBeLessThan(0.1)
    expect(after(3, 100_000, 100).near).toBeGreaterThan(0.5 * after(3, 0, 100).near)
  })

  it('moves it less and less with time', () => {
    const [atOnce, later] = [moved(100_000, 1), moved(100_000, 100)]
    expect(later).toBeLessThan(0.9 * atOnce)
    expect(later).toBeGreaterThan(0.4 * atOnce)
  })
})
