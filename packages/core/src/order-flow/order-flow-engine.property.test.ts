import { OrderFlowConfig, SessionConfig } from '@tapedeck/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { AbsorptionReading } from './absorption.ts'
import { DELTA_WINDOWS, DELTA_WINDOW_NAMES } from './delta-window.ts'
import { OrderFlowEngine } from './order-flow-engine.ts'

type Trade = { time: number; price: number; lots: number; maker: boolean }

const START = Date.UTC(2024, 7, 8, 12)
const config = OrderFlowConfig.parse({
  absorption: { min_trades: 3, history_min: 4, history: 100, fallback_volume: 0.01 },
})
const instrument = {
  venue: 'test',
  symbol: 'TEST',
  tick_size: '0.1',
  lot_size: '0.001',
  profile_bin_ticks: 10,
  min_absorption_volume: 1,
  footprint_imbalance_floor: 0,
}

const trades = fc
  .array(
    fc.record({
      gap: fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 0, max: 700 }) },
        { weight: 1, arbitrary: fc.integer({ min: 10_000, max: 400_000 }) },
      ),
      price: fc.integer({ min: 99_980, max: 100_020 }),
      lots: fc.integer({ min: 1, max: 50 }),
      maker: fc.boolean(),
    }),
    { minLength: 1, maxLength: 250 },
  )
  .map((rows) => {
    let time = START
    return rows.map(({ gap, ...row }): Trade => ({ ...row, time: (time += gap) }))
  })

const percentile = (samples: readonly number[]): number =>
  samples.toSorted((a, b) => a - b)[Math.floor(samples.length * 0.75)]!

/** The formulas as they are written down, over the whole list each time. */
const expectedOf = (all: readonly Trade[]) => {
  const measures: unknown[] = []
  const readings: AbsorptionReading[] = []
  const history: number[] = []
  let last = Math.floor(all[0]!.time / 100) * 100
  let second: number | null = null
  for (const [i, trade] of all.entries()) {
    const at = Math.floor(trade.time / 100) * 100
    if (at <= last) continue
    last = at
    const before = all.slice(0, i)
    const within = (ms: number) => before.filter(({ time }) => time >= at - ms)
    const sum = (some: readonly Trade[], maker: boolean) =>
      some.reduce((total, each) => total + (each.maker === maker ? each.lots : 0), 0)
    const isSecond = at % 1000 === 0 || second === null || at - second >= 1000
    if (isSecond)
      measures.push({
        at,
        cvd: sum(before, false) - sum(before, true),
        windows: DELTA_WINDOW_NAMES.map((name) => {
          const inside = within(DELTA_WINDOWS[name])
          return [sum(inside, false), sum(inside, true)]
        }),
      })
    const inside = within(30_000)
    const weigh = (maker: boolean) =>
      inside.reduce(
        (total, { time, lots, maker: side }) =>
          total + (side === maker ? lots * 0.5 ** ((at - time) / 10_000) : 0),
        0,
      )
    const [sell, buy] = [weigh(true), weigh(false)]
    const threshold = history.length < 4 ? 10 : percentile(history.slice(-100))
    const prices = inside.map(({ price }) => price)
    const [low, high] = [Math.min(...prices), Math.max(...prices)]
    const still = inside.length >= 3 && (high - low) / before.at(-1)!.price < 0.0005
    const side = sell > buy * 1.5 ? 'SELL' : buy > sell * 1.5 ? 'BUY' : null
    const weighted = Math.max(sell, buy)
    if (still && side !== null && weighted > threshold)
      readings.push({
        at,
        side,
        absorbedLots: sum(inside, side === 'SELL'),
        lowTicks: low,
        highTicks: high,
        weightedLots: weighted,
        thresholdLots: threshold,
        confidence: Math.min(1, weighted / (threshold * 3)),
      })
    if (!isSecond) continue
    second = at
    history.push(buy, sell)
  }
  return { measures, readings }
}

const FLOATS = ['weightedLots', 'thresholdLots', 'confidence'] as const

describe('order-flow engine', () => {
  it('agrees with the formulas computed over the whole list at every grid point', () => {
    let held = 0
    fc.assert(
      fc.property(trades, (all) => {
        const measures: unknown[] = []
        const readings: AbsorptionReading[] = []
        const engine: OrderFlowEngine = new OrderFlowEngine(
          instrument,
          config,
          SessionConfig.parse({}),
          {
            onMeasures: (at) =>
              measures.push({
                at,
                cvd: engine.session.cvdLots,
                windows: DELTA_WINDOW_NAMES.map((name) => [
                  engine.grid.windows[name].buy,
                  engine.grid.windows[name].sell,
                ]),
              }),
            onAbsorption: (reading) => readings.push({ ...reading }),
          },
        )
        for (const [id, { price, lots, time, maker }] of all.entries())
          engine.onTrade(id, price, lots, time, maker)
        const expected = expectedOf(all)
        expect(measures).toEqual(expected.measures)
        expect(readings).toHaveLength(expected.readings.length)
        for (const [i, reading] of readings.entries()) {
          const wanted = expected.readings[i]!
          for (const field of FLOATS) expect(reading[field]).toBeCloseTo(wanted[field], 9)
          for (const field of FLOATS) reading[field] = wanted[field]
          expect(reading).toEqual(wanted)
        }
        held += readings.length
      }),
      { numRuns: 60, seed: 20_240_808 },
    )
    expect(held).toBeGreaterThan(50)
  })

  it('counts a late print where time stands, and ignores an id it has seen', () => {
    const engine = new OrderFlowEngine(instrument, config, SessionConfig.parse({}))
    engine.onTrade(5, 100_000, 3, START, false)
    engine.onClock(START + 2_000)
    engine.onTrade(5, 100_000, 3, START + 2_100, false)
    engine.onTrade(6, 100_000, 4, START + 1_000, true)
    engine.onTrade(7, 100_000, 1, START + 2_500, true)
    expect(engine.grid.measuredAt).toBe(START + 2_500)
    expect([engine.grid.windows['5s'].buy, engine.grid.windows['5s'].sell]).toEqual([3, 4])
  })

  it('refuses a grid that does not divide a second', () => {
    const odd = { ...config, grid_ms: 30 }
    expect(() => new OrderFlowEngine(instrument, odd, SessionConfig.parse({}))).toThrow(
      'expected a divisor of 1000',
    )
  })
})
