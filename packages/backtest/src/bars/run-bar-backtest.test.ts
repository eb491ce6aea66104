import { describe, expect, it } from '@jest/globals'
import type { ClosedTrade, StrategyOrder } from '@tapedeck/core'
import {
  NO_COSTS,
  START,
  atBars,
  enter,
  exit,
  instrumentOf,
  scripted,
  seriesOf,
  setOf,
  type Row,
} from './bars.fixture.ts'
import { runBarBacktest, type BarBacktestOptions } from './run-bar-backtest.ts'

const HOUR = 3_600_000
const FLAT: Row = [100, 101, 99, 100]

const run = async (
  rows: readonly Row[],
  orders: Readonly<Record<number, readonly StrategyOrder[]>>,
  over: Partial<BarBacktestOptions> = {},
): ReturnType<typeof runBarBacktest> =>
  await runBarBacktest({
    bars: setOf(seriesOf(rows)),
    strategy: scripted(atBars(orders)),
    costs: NO_COSTS,
    startingBalance: 10_000,
    ...over,
  })

const told = ({ side, entry_price, exit_price, exit_reason, entered_at, exited_at }: ClosedTrade) =>
  `${side} ${entry_price}@${Math.floor(((entered_at - START) / HOUR) * 100) / 100} ${exit_price}@${Math.floor((exited_at - START) / HOUR)} ${exit_reason}`

describe('fills on bars', () => {
  const stopAndTarget = { stopTicks: 95, targetTicks: 110 }
  it.each<[string, readonly Row[], Readonly<Record<number, readonly StrategyOrder[]>>, string[]]>([
    [
      'a market order fills at the next open, never at the close that gave it',
      [FLAT, [103, 104, 102, 103], [107, 108, 106, 107]],
      { 0: [enter()], 1: [exit] },
      ['LONG 103@1 107@2 told'],
    ],
    [
      'a limit needs a price through it: a touch does nothing',
      [FLAT, [100, 101, 98, 100], [100, 101, 97, 100], FLAT, FLAT],
      { 0: [enter({ type: 'limit', ticks: 98 })], 3: [exit] },
      ['LONG 98@2.66 100@4 told'],
    ],
    [
      'a stop entry fills at its trigger on the way up',
      [FLAT, [100, 106, 99, 104], FLAT],
      { 0: [enter({ type: 'stop', ticks: 105 })], 1: [exit] },
      ['LONG 105@1.33 100@2 told'],
    ],
    [
      'a bar that touches stop and target: the stop comes first, for a long',
      [FLAT, FLAT, [100, 112, 94, 111], FLAT],
      { 0: [enter(stopAndTarget)] },
      ['LONG 100@1 95@2 stop'],
    ],
    [
      'and for a short',
      [FLAT, FLAT, [100, 106, 89, 90], FLAT],
      { 0: [enter({ side: 'SELL', stopTicks: 105, targetTicks: 90 })] },
      ['SHORT 100@1 105@2 stop'],
    ],
    [
      'a target alone is reached',
      [FLAT, FLAT, [100, 112, 99, 111], FLAT],
      { 0: [enter(stopAndTarget)] },
      ['LONG 100@1 110@2 target'],
    ],
    [
      'a gap through a stop fills at the open',
      [FLAT, FLAT, [90, 91, 89, 90], FLAT],
      { 0: [enter(stopAndTarget)] },
      ['LONG 100@1 90@2 stop'],
    ],
    [
      'a stop protects in the very bar of the entry',
      [FLAT, [100, 101, 94, 95], FLAT],
      { 0: [enter(stopAndTarget)] },
      ['LONG 100@1 95@1 stop'],
    ],
    [
      'an entry that gaps over its own stop is closed at once',
      [FLAT, [94, 97, 93, 96], FLAT],
      { 0: [enter(stopAndTarget)] },
      ['LONG 94@1 93@1 stop'],
    ],
    [
      'without volume nothing fills and nothing triggers',
      [FLAT, [100, 100, 100, 100, 0], FLAT, [90, 91, 89, 90, 0], FLAT],
      { 0: [enter(stopAndTarget)] },
      ['LONG 100@2 100@5 end_of_data'],
    ],
    [
      'a missing bar: the order waits for the next one there is',
      [FLAT, null, [105, 106, 104, 105], FLAT],
      { 0: [enter()] },
      ['LONG 105@2 100@4 end_of_data'],
    ],
    [
      'an entry the other way turns the position around',
      [FLAT, FLAT, [102, 103, 101, 102], [99, 100, 98, 99]],
      { 0: [enter()], 1: [enter({ id: 'f', side: 'SELL', size: { lots: 25 } })], 2: [exit] },
      ['LONG 100@1 102@2 reversal', 'SHORT 102@2 99@3 told'],
    ],
    [
      'a canceled entry does not fill',
      [FLAT, FLAT, [100, 101, 90, 100]],
      {
        0: [enter({ type: 'limit', ticks: 95 })],
        1: [{ action: 'cancel', symbol: 'BTCUSDT', id: null }],
      },
      [],
    ],
    [
      'a moved stop replaces the old one',
      [FLAT, FLAT, FLAT, [100, 101, 96, 100], FLAT],
      {
        0: [enter(stopAndTarget)],
        1: [{ action: 'protect', symbol: 'BTCUSDT', stopTicks: 97 }],
      },
      ['LONG 100@1 97@3 stop'],
    ],
    [
      'protection can be taken away',
      [FLAT, FLAT, [100, 120, 80, 100], FLAT],
      {
        0: [enter(stopAndTarget)],
        1: [{ action: 'protect', symbol: 'BTCUSDT', stopTicks: null, targetTicks: null }],
      },
      ['LONG 100@1 100@4 end_of_data'],
    ],
  ])('%s', async (_, rows, orders, expected) => {
    const { trades, stopped } = await run(rows, orders)
    expect(stopped).toBeNull()
    expect(trades.map(told)).toEqual(expected)
  })

  it('slips stops twice, charges fees, and counts both in R', async () => {
    const bars = setOf(
      seriesOf(
        [FLAT, FLAT, [100, 101, 90, 100], FLAT].map((row) => scale(row as never)),
        {
          instrument: instrumentOf('BTCUSDT', { tick_size: '0.001' }),
        },
      ),
    )
    const order = enter({ size: { riskPercent: 1 }, stopTicks: 95_000 })
    const costs = { ...NO_COSTS, slippagePercent: 0.1, takerFeePercent: 0.04 }
    const { trades } = await run([], { 0: [order] }, { bars, costs })
    // 1 % of 10,000 over a distance of 5: 20. In at 100 + 0.1 %, out at 95 - 0.2 %.
    expect(trades).toEqual([
      expect.objectContaining({
        quantity: 20,
        entry_price: 100.1,
        exit_price: 94.81,
        fees: 1.55928,
      }),
    ])
    const [{ net_pnl, r }] = trades as [ClosedTrade]
    expect(net_pnl).toBeCloseTo(20 * (94.81 - 100.1) - 1.55928, 8)
    expect(r).toBeCloseTo(net_pnl / (20 * 5.1), 12)
  })

  it('takes no more than the volume of a bar, and the share that was allowed', async () => {
    const rows: Row[] = [FLAT, [100, 101, 99, 100, 8], [102, 103, 101, 102, 8], FLAT]
    const { trades } = await run(rows, { 0: [enter()] })
    expect(trades[0]!.entry_price).toBe(100.4)
    const half = await run(rows, { 0: [enter()] }, { volumeSharePercent: 50 })
    expect(half.trades[0]!.quantity).toBe(10)
    expect(half.trades[0]!.entry_price).toBe((4 * 100 + 4 * 102 + 2 * 100) / 10)
  })

  it('refuses what the account cannot carry, and cuts what was sized in R', async () => {
    const instrument = instrumentOf('BTCUSDT', { max_leverage: 1 })
    const bars = setOf(seriesOf([FLAT, FLAT, FLAT], { instrument }))
    const lots = await run([], { 0: [enter({ size: { lots: 101 } })] }, { bars })
    expect(lots.counts).toMatchObject({ 'orders.unsized': 1, 'denied.INSUFFICIENT_MARGIN': 1 })
    const all = await run([], { 0: [enter({ size: { lots: 100 } })] }, { bars })
    expect(all.trades[0]!.quantity).toBe(100)
    const risky = enter({ size: { riskPercent: 50 }, stopTicks: 99 })
    expect((await run([], { 0: [risky] }, { bars })).trades[0]!.quantity).toBe(100)
  })

  it('buys an amount of money at the price that it meets', async () => {
    const rows: Row[] = [FLAT, [30, 31, 29, 30], FLAT]
    const by = async (rounding: 'floor' | 'nearest'): Promise<number> =>
      (await run(rows, { 0: [enter({ size: { quote: 110, rounding } })] })).trades[0]!.quantity
    expect([await by('floor'), await by('nearest')]).toEqual([3, 4])
  })
})

describe('the clock of several symbols', () => {
  const eth = instrumentOf('ETHUSDT')

  it('shows bars in order, holes included, and reports the holes', async () => {
    const seen: string[] = []
    const strategy = scripted({
      onBar: (bar, portfolio) => {
        seen.push(`${bar.symbol} ${(portfolio.at - START) / HOUR}${bar.afterGap ? ' gap' : ''}`)
        return []
      },
    })
    const bars = setOf(
      seriesOf([FLAT, null, FLAT]),
      seriesOf([null, FLAT, FLAT], { instrument: eth }),
    )
    const result = await run([], {}, { bars, strategy })
    expect(seen).toEqual(['BTCUSDT 1', 'ETHUSDT 2', 'BTCUSDT 3 gap', 'ETHUSDT 3'])
    expect(result.gaps).toEqual([
      { symbol: 'BTCUSDT', from: START + HOUR, to: START + 2 * HOUR, what: '1 bar of 1h missing' },
    ])
  })

  it('shows a day before the last hour of it, and trades the hours', async () => {
    const seen: string[] = []
    const strategy = scripted({
      onBar: ({ timeframe, closeTime }) => {
        seen.push(`${timeframe} ${(closeTime - START) / HOUR}`)
        return []
      },
    })
    const hours = seriesOf(Array.from({ length: 25 }, () => FLAT))
    const days = seriesOf([FLAT], { timeframe: '1d', lengthMs: 24 * HOUR })
    await run([], {}, { bars: setOf(hours, days), strategy })
    expect(seen.slice(22, 26)).toEqual(['1h 23', '1d 24', '1h 24', '1h 25'])
  })

  it('keeps equity over all symbols', async () => {
    const up: Row[] = [FLAT, FLAT, [110, 111, 109, 110], [110, 111, 109, 110]]
    const bars = setOf(seriesOf(up), seriesOf(up, { instrument: eth }))
    const strategy = scripted({
      onBar: ({ symbol, closeTime }) =>
        closeTime === START + HOUR ? [enter({ symbol, id: symbol })] : [],
    })
    const { equity } = await run([], {}, { bars, strategy })
    expect(equity.map((one) => [(one.at - START) / HOUR, one.equity])).toEqual([
      [0, 10_000],
      [1, 10_000],
      [2, 10_000],
      [3, 10_200],
      [4, 10_200],
    ])
  })
})

describe('warm-up', () => {
  it('shows bars before `from` but sends no orders; the first fills at the first tradable open', async () => {
    const rows: Row[] = [FLAT, FLAT, FLAT, [105, 106, 104, 105], FLAT]
    const strategy = scripted({ onBar: () => [enter({ id: 'x' })] }, 2)
    const shown: number[] = []
    const { trades, counts, from } = await runBarBacktest({
      bars: setOf(seriesOf(rows)),
      strategy,
      costs: NO_COSTS,
      startingBalance: 10_000,
      from: START + 3 * HOUR,
      onOrder: (_, at) => shown.push((at - START) / HOUR),
    })
    expect(shown).toEqual([2, 3, 4, 5])
    expect(from).toBe(START + 3 * HOUR)
    expect(trades[0]).toMatchObject({ entered_at: START + 3 * HOUR })
    expect(counts['orders.not_sent_while_warming_up']).toBe(1)
  })
})

/** One trade, then something at the fourth bar. */
const partial = (what: () => readonly StrategyOrder[]): Partial<BarBacktestOptions> => {
  let bar = -1
  return {
    strategy: scripted({
      onBar: () => {
        bar++
        if (bar === 0) return [enter()]
        if (bar === 1) return [exit]
        return bar === 3 ? what() : []
      },
    }),
  }
}

describe('strategies that fail', () => {
  const rows = [FLAT, FLAT, FLAT, FLAT]
  it.each<[string, () => readonly StrategyOrder[], RegExp]>([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
      /scripted failed in onBar at 2024-01-01T04:00:00.000Z \(BTCUSDT\): boom/,
    ],
    ['orders NaN lots', () => [enter({ size: { lots: Number.NaN } })], /size\.lots.*whole lots/],
    ['orders negative lots', () => [enter({ size: { lots: -1 } })], /size\.lots.*-1/],
    ['orders half a lot', () => [enter({ size: { lots: 0.5 } })], /size\.lots.*0\.5/],
    ['names a symbol that is not there', () => [enter({ symbol: 'X' })], /symbol is X.*BTCUSDT/],
    ['puts its stop above a long', () => [enter({ stopTicks: 101 })], /stopTicks is 101.*below/],
    [
      'puts its target below a long',
      () => [enter({ targetTicks: 99 })],
      /targetTicks is 99.*above/,
    ],
    [
      'wants a limit between ticks',
      () => [enter({ type: 'limit', ticks: 99.5 })],
      /ticks is 99\.5/,
    ],
    ['sizes in R without a stop', () => [enter({ size: { riskPercent: 1 } })], /stopTicks is null/],
    ['is asynchronous', () => Promise.resolve([]) as never, /returned no list/],
    ['returns nothing', () => undefined as never, /returned no list/],
    [
      'gives no reason',
      () => [{ action: 'exit', symbol: 'BTCUSDT', lots: null } as never],
      /reason is missing/,
    ],
    [
      'wants a leverage of NaN',
      () => [enter({ stopTicks: 90, size: { riskPercent: 1, maxLeverage: Number.NaN } })],
      /maxLeverage is NaN/,
    ],
    ['gives no list', () => 'buy' as never, /returned no list/],
    [
      'gives an unknown order',
      () => [{ action: 'buy', symbol: 'BTCUSDT' } as never],
      /action is buy/,
    ],
  ])('one that %s ends the run there and keeps what was done', async (_, what, reason) => {
    const result = await run(rows, {}, partial(what))
    expect(result.stopped).toEqual({ at: START + 4 * HOUR, reason: expect.stringMatching(reason) })
    expect(result.trades.map(told)).toEqual(['LONG 100@1 100@2 told'])
  })

  it('one that answers every refusal with the same order is stopped', async () => {
    const doomed = enter({ type: 'stop', ticks: 50 })
    const strategy = scripted({ onBar: () => [doomed], onOrder: () => [doomed] })
    const { stopped } = await run(rows, {}, { strategy })
    expect(stopped?.reason).toMatch(/more than 1000 orders per symbol within one bar/)
  })

  it.each<[string, unknown, RegExp]>([
    [
      'throws in create',
      {
        create: () => {
          throw new Error('no')
        },
      },
      /failed in create: no/,
    ],
    ['creates nothing', { create: () => null }, /made no strategy/],
    ['wants NaN bars to warm up', { warmupBars: () => Number.NaN }, /warmupBars gives NaN/],
  ])('one that %s is refused before the first bar', async (_, over, reason) => {
    const strategy = { ...scripted({}), ...(over as object) }
    await expect(run(rows, {}, { strategy })).rejects.toMatchObject({
      code: 'STRATEGY_INVALID',
      message: expect.stringMatching(reason) as unknown,
    })
  })

  it.each<[string, Partial<BarBacktestOptions>, RegExp]>([
    ['no money', { startingBalance: 0 }, /startingBalance is 0/],
    [
      'a latency longer than a leg of a bar',
      { costs: { ...NO_COSTS, latencyMs: 1e6 } },
      /latency_ms/,
    ],
    ['a share above all', { volumeSharePercent: 101 }, /volumeSharePercent/],
    ['a time without bars', { from: START + 100 * HOUR }, /no bars from/],
  ])('%s is refused', async (_, over, reason) => {
    await expect(run(rows, {}, over)).rejects.toThrow(reason)
  })
})

const scale = (row: readonly [number, number, number, number]): Row => [
  row[0] * 1000,
  row[1] * 1000,
  row[2] * 1000,
  row[3] * 1000,
]
