import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { EnterOrder, OrderUpdate } from '@tapedeck/core'
import { BarPlayer, PATH_STAGES } from './bar-path.ts'
import { NO_COSTS, instrumentOf, seriesOf, type Row } from './bars.fixture.ts'
import { SymbolLane } from './symbol-lane.ts'

const HOUR = 3_600_000
const MODEL = { ...NO_COSTS, latencyMs: 1000, slippagePercent: 0.5, takerFeePercent: 0.04 }

const row: fc.Arbitrary<Row> = fc
  .tuple(
    fc.integer({ min: 900, max: 1100 }),
    fc.integer({ min: 900, max: 1100 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 0, max: 30 }),
    fc.constantFrom(0, 7, 1000),
  )
  .map(([open, close, up, down, volume]) => [
    open,
    Math.max(open, close) + up,
    Math.min(open, close) - down,
    close,
    volume,
  ])

type Deed =
  | { readonly do: 'enter'; readonly order: EnterOrder }
  | { readonly do: 'exit' }
  | { readonly do: 'protect'; readonly stop: number | null; readonly target: number | null }
  | { readonly do: 'cancel' }
  | null

const ticks = fc.integer({ min: 850, max: 1150 })
const maybe = fc.option(ticks, { nil: null })
const order: fc.Arbitrary<EnterOrder> = fc
  .record({
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const),
    ticks,
    lots: fc.integer({ min: 1, max: 20 }),
    stopTicks: maybe,
    targetTicks: maybe,
  })
  .map(({ lots, ticks: price, side, type, stopTicks, targetTicks }) => ({
    side,
    type,
    stopTicks,
    targetTicks,
    action: 'enter',
    id: 'e',
    symbol: 'BTCUSDT',
    ticks: type === 'market' ? null : price,
    size: { lots },
    reason: 'drawn',
  }))
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: order.map((one) => ({ do: 'enter' as const, order: one })) },
  { weight: 1, arbitrary: fc.constant({ do: 'exit' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'cancel' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('protect' as const), stop: maybe, target: maybe }),
  },
)

const act = (lane: SymbolLane, one: Deed, at: number): void => {
  const symbol = 'BTCUSDT'
  if (one?.do === 'enter') lane.enter(one.order, at)
  if (one?.do === 'exit') lane.exit({ action: 'exit', symbol, lots: null, reason: 'drawn' }, at)
  if (one?.do === 'cancel') lane.cancelEntries(null, at)
  if (one?.do === 'protect')
    lane.protect({ action: 'protect', symbol, stopTicks: one.stop, targetTicks: one.target }, at)
}

const play = (rows: readonly Row[], deeds: readonly Deed[], skips: boolean) => {
  const series = seriesOf(rows, { instrument: instrumentOf() })
  const updates: OrderUpdate[] = []
  const lane = new SymbolLane(series, {
    model: MODEL,
    strategy: 'drawn',
    account: { equity: 1e9, exposure: 0 },
    tell: (update) => updates.push(update),
  })
  const player = new BarPlayer(lane, MODEL, 'ohlc', 100)
  let walked = 0
  rows.forEach((_, i) => {
    const needed = player.begin(i)
    if (!needed && skips) player.pass()
    else for (let stage = 0; stage < PATH_STAGES; stage++) player.walk(stage)
    if (needed) walked++
    act(lane, deeds[i] ?? null, series.openTime[i]! + HOUR)
  })
  player.closeAt(series.openTime[rows.length - 1]! + HOUR)
  return { updates, trades: lane.ledger.trades, walked, lane, volumes: series.volume }
}

const scene = fc.tuple(
  fc.array(row, { minLength: 1, maxLength: 40 }),
  fc.array(deed, { maxLength: 40 }),
)

describe('bars that are passed over', () => {
  it('change nothing: every fill, trade and excursion is as if all had been walked', () => {
    let passed = 0
    fc.assert(
      fc.property(scene, ([rows, deeds]) => {
        const short = play(rows, deeds, true)
        const long = play(rows, deeds, false)
        expect(short.updates).toEqual(long.updates)
        expect(short.trades).toEqual(long.trades)
        passed += rows.length - short.walked
      }),
      { numRuns: 300 },
    )
    expect(passed).toBeGreaterThan(1000)
  })
})

describe('any orders over any bars', () => {
  it('never fill more than a bar traded, and the ledger agrees with the venue', () => {
    fc.assert(
      fc.property(scene, ([rows, deeds]) => {
        const { updates, lane, trades, volumes } = play(rows, deeds, true)
        const start = lane.series.openTime[0]!
        const filled = new Map<number, number>()
        for (const { kind, at, lots } of updates) {
          if (kind !== 'filled') continue
          const bar = Math.floor((at - start) / HOUR)
          filled.set(bar, (filled.get(bar) ?? 0) + lots)
        }
        // What is closed when the data ends is closed without a bar.
        filled.delete(rows.length)
        for (const [bar, lots] of filled) expect(lots).toBeLessThanOrEqual(volumes[bar]!)
        expect(lane.ledger.lots).toBe(lane.engine.books.lots)
        expect(lane.ledger.walletChange).toBeCloseTo(
          Number(lane.engine.books.walletChange().toString()),
          6,
        )
        for (const trade of trades) {
          expect(trade.exited_at).toBeGreaterThanOrEqual(trade.entered_at)
          expect(trade.mae_r ?? 0).toBeLessThanOrEqual(0)
          expect(trade.mfe_r ?? 0).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 300 },
    )
  })
})
