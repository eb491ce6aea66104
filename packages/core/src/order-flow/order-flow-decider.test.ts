import {
  TradingConfig,
  type Features,
  type Message,
  type MessageType,
  type Output,
} from '@tapedeck/contracts'
import { testInstrument } from '@tapedeck/test-data'
import { describe, expect, it } from '@jest/globals'
import { createOrderFlowDecider } from './order-flow-decider.ts'
import { viewFootprints, viewMeasures, viewProfile } from './order-flow-views.ts'

const instrument = testInstrument({ venue: 'test', symbol: 'TEST', min_notional: '5' })
const { venue, symbol, tick_size, lot_size } = instrument
const on = { venue, symbol, tick_size, lot_size }
const config = TradingConfig.parse({
  instruments: [{ ...instrument, profile_bin_ticks: 100, min_absorption_volume: 50 }],
})

const message = (type: MessageType, occurred_at: number, payload: object): Message =>
  ({ type, occurred_at, payload }) as unknown as Message
const clock = (at: number, jump = false): Message => message('market.clock', at, { at, jump })
const started = (at: number): Message =>
  message('market.run.started', at, {
    instruments: [instrument, { ...instrument, symbol: 'NONE' }],
  })

type Print = [time: number, price: number, lots: number, maker: 0 | 1]
let lastId = 0
const trades = (prints: Print[], more: object = {}): Message =>
  message('market.trades', prints[0]![0], {
    ...on,
    gap: 0,
    id: prints.map(() => ++lastId),
    time: prints.map(([time]) => time),
    price_ticks: prints.map(([, price]) => price),
    quantity_lots: prints.map(([, , lots]) => lots),
    maker: prints.map(([, , , maker]) => maker),
    excluded: [],
    ...more,
  })

const MS = { '15s': 15_000, '1m': 60_000, '15m': 900_000 }
const bar = (timeframe: keyof typeof MS, close: number, price: number, delta = 0): Message =>
  message('market.bar.closed', close, {
    ...on,
    timeframe,
    open_time: close - MS[timeframe],
    close_time: close,
    open_ticks: price,
    high_ticks: price + 5,
    low_ticks: price - 5,
    close_ticks: price,
    volume_lots: 10,
    delta_lots: delta,
  })

const run = (...messages: Message[]) => {
  const decider = createOrderFlowDecider(config)
  return { decider, outputs: messages.flatMap((each) => decider.handle(each)) }
}
const featuresOf = (outputs: readonly Output[]): Features[] =>
  outputs.flatMap((each) => (each.type === 'orderflow.features' ? [each.payload] : []))

const T = Date.UTC(2024, 7, 8, 12)

describe('order-flow decider', () => {
  it('gives features of a bar once all bars of its boundary are in', () => {
    const decider = createOrderFlowDecider(config)
    const tell = (...messages: Message[]) => messages.flatMap((each) => decider.handle(each))
    expect(tell(started(T), trades([[T, 1000, 3, 0]]), bar('15s', T + 60_000, 1000))).toEqual([])
    expect(tell(bar('1m', T + 60_000, 1000), bar('15m', T + 60_000, 1000))).toEqual([])
    const [features] = featuresOf(tell(clock(T + 60_000)))
    expect(features).toMatchObject({ at: T + 60_000, bars_15m: [{ close_ticks: 1000 }] })
    expect(tell(clock(T + 61_000))).toEqual([])
  })

  it('gives them with the next trade where no clock comes between', () => {
    const { outputs } = run(
      trades([[T, 1000, 3, 0]]),
      bar('15s', T + 15_000, 1000),
      trades([[T + 15_020, 1001, 2, 1]]),
    )
    expect(outputs.map(({ type, occurred_at }) => [type, occurred_at])).toEqual([
      ['orderflow.features', T + 15_000],
      ['orderflow.measures', T + 15_000],
    ])
  })

  it('freezes what stands at the close: windows, prices, profile, CVD', () => {
    const { outputs } = run(
      trades([
        [T + 1_000, 100_000, 10, 0],
        [T + 14_000, 100_010, 20, 0],
      ]),
      bar('15s', T + 15_000, 100_010, 30),
      clock(T + 15_000),
      trades([
        [T + 15_000, 100_020, 5, 1],
        [T + 29_999, 100_030, 40, 0],
      ]),
      bar('15s', T + 30_000, 100_030, 35),
      clock(T + 30_000),
    )
    const [first, second] = featuresOf(outputs)
    expect(first).toMatchObject({
      session_id: '2024-08-08',
      session_started_at: Date.UTC(2024, 7, 8, 8),
      price_15s_ago_ticks: null,
      delta_lots: { '5s': 20, '15s': 30, '1m': 30, '5m': 30 },
    })
    expect(second).toMatchObject({
      price_ticks: 100_030,
      price_15s_ago_ticks: 100_010,
      delta_lots: { '5s': 40, '15s': 35, '1m': 65, '5m': 65 },
      delta_ratio: { '5s': 1, '15s': 35 / 45 },
      volume_lots: { '15s': 45 },
      cvd_lots: 65,
      // 75 lots in the bin of 10000.0 to 10009.9.
      profile_session: {
        poc_ticks: 100_050,
        vah_ticks: 100_099,
        val_ticks: 100_000,
        volume_lots: 75,
      },
      profile_previous: null,
      initial_balance_done: true,
      market_state: 'UNKNOWN',
      atr_15s: null,
      funding: null,
      spread_percent: null,
      depth_quote: null,
      tainted_until: null,
    })
    const value = 100_000 * 10 + 100_010 * 20 + 100_020 * 5 + 100_030 * 40
    expect(second!.volume_5m_quote).toBeCloseTo(value / 10_000, 9)
    expect(second!.vwap).toBeCloseTo(value / 75 / 10, 9)
    expect(second!.bars_15s).toHaveLength(2)
  })

  it('begins a session at 08:00: features of that moment belong to it, the minute before does not', () => {
    const open = Date.UTC(2024, 7, 8, 8)
    const { outputs } = run(
      trades([[open - 2_000, 1000, 7, 0]]),
      bar('15s', open, 1000),
      bar('1m', open, 1000, 7),
      clock(open),
      trades([[open + 50, 1200, 2, 1]]),
      bar('15s', open + 15_000, 1200),
      clock(open + 15_000),
    )
    const [atOpen, later] = featuresOf(outputs)
    expect(atOpen).toMatchObject({
      session_id: '2024-08-08',
      cvd_lots: 0,
      vwap: null,
      profile_session: null,
      profile_previous: { poc_ticks: 1050, volume_lots: 7 },
      initial_balance_done: false,
      delta_lots: { '5s': 7 },
    })
    expect(later).toMatchObject({ cvd_lots: -2, vwap: 120, delta_lots: { '15s': -2, '1m': 5 } })
  })

  it('finds imbalance once the initial balance is broken with delta behind it', () => {
    const open = Date.UTC(2024, 7, 8, 8)
    const ib = open + 30 * 60_000
    const { outputs } = run(
      trades([
        [open + 10, 1000, 1, 0],
        [ib - 1, 2000, 1, 0],
      ]),
      bar('1m', ib, 2000, 1),
      bar('1m', ib + 60_000, 2001, 4),
      bar('1m', ib + 120_000, 2050, 4),
      clock(open + 86_400_000),
    )
    const states = outputs.filter(({ type }) => type === 'orderflow.market_state.changed')
    expect(
      states.map(({ aggregate_version, payload }) => ({ aggregate_version, payload })),
    ).toEqual(
      [
        ['BALANCE', 'UNKNOWN', ib, null],
        ['IMBALANCE_UP', 'BALANCE', ib + 120_000, 9],
        ['UNKNOWN', 'IMBALANCE_UP', open + 86_400_000, null],
      ].map(([state, previous, at, trend], i) => ({
        aggregate_version: i + 1,
        payload: {
          venue: 'test',
          symbol: 'TEST',
          at,
          state,
          previous,
          ib_high_ticks: i === 2 ? null : 2000,
          ib_low_ticks: i === 2 ? null : 1000,
          delta_trend_lots: trend,
        },
      })),
    )
  })

  it('starts and ends an episode of absorption, with its peak and range', () => {
    const sells: Print[] = Array.from({ length: 12 }, (_, i) => [
      T + i * 100,
      100_000 - i,
      6_000,
      1,
    ])
    const { outputs } = run(
      trades(sells),
      trades([[T + 1_250, 99_990, 1_000, 1]]),
      trades([[T + 1_350, 99_940, 1_000, 1]]),
      trades([[T + 1_450, 99_940, 1_000, 1]]),
    )
    const episode = outputs.filter(({ type }) => type.startsWith('orderflow.absorption'))
    expect(episode).toMatchObject([
      {
        type: 'orderflow.absorption.started',
        aggregate_id: `test.TEST.${T + 1_000}`,
        aggregate_version: 1,
        payload: { side: 'SELL', absorbed_lots: 60_000, low_ticks: 99_991, threshold_lots: 50_000 },
      },
      {
        type: 'orderflow.absorption.ended',
        aggregate_id: `test.TEST.${T + 1_000}`,
        aggregate_version: 2,
        occurred_at: T + 1_400,
        payload: {
          started_at: T + 1_000,
          ended_at: T + 1_400,
          peak_lots: 73_000,
          low_ticks: 99_989,
          high_ticks: 100_000,
        },
      },
    ])
  })

  it('ends an episode when the market falls silent', () => {
    const sells: Print[] = Array.from({ length: 12 }, (_, i) => [T + i * 100, 100_000, 6_000, 1])
    const ended = (at: number) =>
      run(trades(sells), clock(at)).outputs.filter(
        ({ type }) => type === 'orderflow.absorption.ended',
      )
    expect(ended(T + 31_000)).toEqual([])
    expect(ended(T + 32_000)).toMatchObject([{ occurred_at: T + 32_000 }])
  })

  it('leaves excluded prints out of every measure', () => {
    const { decider } = run(
      trades(
        [
          [T, 1000, 3, 0],
          [T + 10, 5, 900, 1],
          [T + 200, 1001, 1, 0],
        ],
        { excluded: [1] },
      ),
    )
    const engine = decider.engine('test', 'TEST')!
    expect(viewMeasures(engine)).toMatchObject({ cvd: '0.003', delta: { '5s': '0.003' } })
    expect(viewProfile(engine, 'session')).toMatchObject({ volume: '0.004', poc: '105' })
  })

  it.each([
    ['a gap before a batch', trades([[T + 200, 1000, 1, 0]], { gap: 2 }), T + 200],
    ['a clock jump', clock(T + 1_000, true), T + 1_000],
    [
      'a feed that went down',
      message('market.feed.status', T + 300, { ...on, channel: 'trades', status: 'down' }),
      T + 300,
    ],
  ])('taints after %s', (_, hole, at) => {
    const { outputs } = run(
      started(T),
      trades([[T, 1000, 1, 0]]),
      hole,
      trades([[T + 2_000, 1000, 1, 0]]),
    )
    const last = outputs.findLast(({ type }) => type === 'orderflow.measures')
    expect(last).toMatchObject({ payload: { tainted_until: at + 300_000 } })
  })

  it('drops what it measured when a new run starts, and ignores what is not configured', () => {
    const { decider, outputs } = run(
      started(T),
      trades([[T, 1000, 3, 0]]),
      started(T + 1_000),
      trades([[T + 200, 1000, 3, 0]], { symbol: 'NONE' }),
    )
    expect(outputs).toEqual([])
    expect(decider.engine('test', 'NONE')).toBeNull()
    expect(viewMeasures(decider.engine('test', 'TEST')!)).toBeNull()
  })

  it('shows footprints with the open bar', () => {
    const { decider } = run(
      trades([
        [T + 1_000, 1000, 5, 1],
        [T + 16_000, 1100, 20, 0],
      ]),
    )
    const [minute] = viewFootprints(decider.engine('test', 'TEST')!, '1m', 5)
    expect(minute).toEqual({
      open_time: T,
      rows: [
        { price: '100', buy: '0', sell: '0.005' },
        { price: '110', buy: '0.02', sell: '0' },
      ],
      poc: '110',
      delta: '0.015',
      volume: '0.025',
      imbalances: [{ price: '110', side: 'BUY' }],
      stacks: [],
      unfinished_high: false,
      unfinished_low: false,
    })
  })
})
