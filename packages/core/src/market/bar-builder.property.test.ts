import { describe, expect, it } from '@jest/globals'
import { TIMEFRAME_MS, Timeframe, type BarClosed } from '@tapedeck/contracts'
import fc from 'fast-check'
import type { Json } from '../decider.ts'
import { BarBuilder } from './bar-builder.ts'

const instrument = { venue: 'v', symbol: 'S', tick_size: '0.5', lot_size: '0.001' }
const START = Date.UTC(2024, 7, 8, 23, 50)
type Print = { price: number; lots: number; maker: 0 | 1; time: number }

const prints = fc
  .array(
    fc.record({
      price: fc.integer({ min: 90, max: 110 }),
      lots: fc.integer({ min: 1, max: 1000 }),
      maker: fc.constantFrom<0 | 1>(0, 1),
      after: fc.oneof(
        fc.integer({ min: 0, max: 4000 }),
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: 0, max: 5_000_000 }),
      ),
    }),
    { maxLength: 120 },
  )
  .map((rows): Print[] => {
    let time = START
    return rows.map(({ after, ...row }) => ({ ...row, time: (time += after) }))
  })

/** Every bar from its own trades alone, by the definition. */
const naiveBars = (trades: readonly Print[], until: number): BarClosed[] => {
  const bars: BarClosed[] = []
  for (const timeframe of Timeframe.options) {
    const length = TIMEFRAME_MS[timeframe]
    const groups = Map.groupBy(trades, ({ time }) => Math.floor(time / length) * length)
    for (const [open, rows] of groups) {
      if (open + length > until) continue
      let delta = 0
      const deltas = [0, ...rows.map(({ lots, maker }) => (delta += maker === 1 ? -lots : lots))]
      const volume = rows.reduce((sum, row) => sum + row.lots, 0)
      const buy = rows.reduce((sum, row) => sum + (row.maker === 0 ? row.lots : 0), 0)
      bars.push({
        ...instrument,
        timeframe,
        open_time: open,
        close_time: open + length,
        open_ticks: rows[0]!.price,
        high_ticks: Math.max(...rows.map((row) => row.price)),
        low_ticks: Math.min(...rows.map((row) => row.price)),
        close_ticks: rows.at(-1)!.price,
        volume_lots: volume,
        buy_lots: buy,
        sell_lots: volume - buy,
        delta_lots: delta,
        min_delta_lots: Math.min(...deltas),
        max_delta_lots: Math.max(...deltas),
        trades: rows.length,
        vwap: (rows.reduce((sum, row) => sum + row.price * row.lots, 0) / volume) * 0.5,
        carried: false,
        tainted: false,
      })
    }
  }
  return bars.toSorted(
    (a, b) => a.close_time - b.close_time || TIMEFRAME_MS[a.timeframe] - TIMEFRAME_MS[b.timeframe],
  )
}

const rounded = (bars: readonly BarClosed[]): BarClosed[] =>
  bars.map((bar) => ({ ...bar, vwap: Number(bar.vwap.toPrecision(12)) }))

const build = (
  trades: readonly Print[],
  end: number,
  options: { carryForward?: boolean; clockMs?: number; cut?: number } = {},
): BarClosed[] => {
  let builder = new BarBuilder({ instrument, carryForward: options.carryForward ?? false })
  const bars: BarClosed[] = []
  let clock = START
  const tickTo = (time: number): void => {
    if (options.clockMs === undefined) return
    for (; clock <= time; clock += options.clockMs) bars.push(...builder.closeUntil(clock))
  }
  trades.forEach((trade, index) => {
    if (index === options.cut)
      builder = new BarBuilder(
        { instrument, carryForward: options.carryForward ?? false },
        JSON.parse(JSON.stringify(builder.snapshot())) as Json,
      )
    tickTo(trade.time)
    bars.push(...builder.addTrade(trade.price, trade.lots, trade.maker, trade.time))
  })
  tickTo(end)
  bars.push(...builder.closeUntil(end))
  return bars
}

describe('BarBuilder', () => {
  it('builds what the definition says, in order of boundary and shortest first', () => {
    fc.assert(
      fc.property(prints, fc.nat(100_000_000), (trades, after) => {
        const end = (trades.at(-1)?.time ?? START) + after
        expect(rounded(build(trades, end))).toEqual(rounded(naiveBars(trades, end)))
      }),
    )
  })

  it('does not depend on clocks between trades or on being saved and restored', () => {
    fc.assert(
      fc.property(
        prints,
        fc.constantFrom(1000, 7000, 15_000),
        fc.nat(120),
        fc.boolean(),
        (trades, clockMs, cut, carryForward) => {
          const end = (trades.at(-1)?.time ?? START) + 90_000
          expect(build(trades, end, { carryForward, clockMs, cut })).toEqual(
            build(trades, end, { carryForward }),
          )
        },
      ),
      { numRuns: 40 },
    )
  })

  it('carries the last close over quiet periods, flagged, without inventing volume', () => {
    const trades: Print[] = [
      { price: 100, lots: 5, maker: 0, time: START + 1 },
      { price: 102, lots: 5, maker: 1, time: START + 50_000 },
    ]
    const bars = build(trades, START + 60_000, { carryForward: true })
    const base = bars.filter(({ timeframe }) => timeframe === '15s')
    expect(base.map((bar) => [bar.close_ticks, bar.volume_lots, bar.carried])).toEqual([
      [100, 5, false],
      [100, 0, true],
      [100, 0, true],
      [102, 5, false],
    ])
    expect(bars.find(({ timeframe }) => timeframe === '1m')).toMatchObject({
      carried: false,
      volume_lots: 10,
      trades: 2,
      vwap: 50.5,
    })
  })

  it('marks the bars around a hole, also one that is found between bars', () => {
    const builder = new BarBuilder({ instrument })
    builder.addTrade(100, 1, 0, START)
    builder.closeUntil(START + 15_000)
    builder.taint()
    builder.addTrade(100, 1, 0, START + 15_000)
    const flags = builder.closeUntil(START + 60_000).map((bar) => [bar.timeframe, bar.tainted])
    expect(flags).toEqual([
      ['15s', true],
      ['1m', true],
    ])
  })

  it('builds longer bars from shorter ones as from their trades', () => {
    fc.assert(
      fc.property(prints, (trades) => {
        const end = (trades.at(-1)?.time ?? START) + 86_400_000
        const all = build(trades, end)
        const builder = new BarBuilder({ instrument, base: '1m' })
        const again: BarClosed[] = []
        for (const bar of all.filter(({ timeframe }) => timeframe === '1m'))
          again.push(
            ...builder.addBar({
              openTime: bar.open_time,
              open: bar.open_ticks,
              high: bar.high_ticks,
              low: bar.low_ticks,
              close: bar.close_ticks,
              buy: bar.buy_lots,
              sell: bar.sell_lots,
              unsided: 0,
              minDelta: bar.min_delta_lots,
              maxDelta: bar.max_delta_lots,
              trades: bar.trades,
              excess: (bar.vwap / 0.5 - bar.open_ticks) * bar.volume_lots,
              carried: false,
              tainted: false,
            }),
          )
        again.push(...builder.closeUntil(end))
        expect(rounded(again)).toEqual(rounded(all.filter(({ timeframe }) => timeframe !== '15s')))
      }),
      { numRuns: 40 },
    )
  })
})
