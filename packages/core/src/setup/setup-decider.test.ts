import { describe, expect, it } from '@jest/globals'
import {
  SetupEvaluated,
  SignalGenerated,
  SetupEventsConfig,
  StrategyConfig,
  type Features,
  type Message,
  type MessageType,
  type Output,
  type PayloadOf,
} from '@tapedeck/contracts'
import type { Decider, Json } from '../decider.ts'
import { bar, bullish, featuresMessage, NOON } from './features.fixture.ts'
import { createSetupDecider } from './index.ts'

const config = { strategy: StrategyConfig.parse({}), setup_events: SetupEventsConfig.parse({}) }
const fresh = (snapshot?: Json): Decider => createSetupDecider(config, snapshot)
const close = (decider: Decider, changes: Partial<Features> = {}): Output[] =>
  decider.handle(featuresMessage(bullish(changes)))
const typed = <T extends MessageType>(type: T, payload: Partial<PayloadOf<T>>): Message =>
  ({ ...featuresMessage(bullish()), type, payload }) as unknown as Message
const on = { venue: 'binance-usdm', symbol: 'BTCUSDT' }
const trade = { trade_id: 'T1' } as PayloadOf<'execution.trade.started'>['trade']
const kinds = (outputs: Output[]): string[] => outputs.map(({ type }) => type)
const reasonsOf = (outputs: Output[]): unknown =>
  outputs.flatMap((o) => (o.type === 'setup.evaluated' ? o.payload.reasons : []))

const poc = (poc_ticks: number): Partial<Features> => ({
  profile_session: { poc_ticks, vah_ticks: 700_000, val_ticks: 500_000, volume_lots: 1 },
})

describe('setup decider', () => {
  it('says why, then signals, under one readable id', () => {
    const outputs = close(fresh(), { at: Date.parse('2024-08-08T23:55:00Z') })
    expect(kinds(outputs)).toEqual(['setup.evaluated', 'setup.signal.generated'])
    expect(outputs.map((o) => o.correlation_id)).toEqual([
      'BTCUSDT-TC-L-20240808T235500',
      'BTCUSDT-TC-L-20240808T235500',
    ])
    expect(SetupEvaluated.parse(outputs[0]!.payload)).toMatchObject({
      grade: 'A',
      score: 5,
      price: '60000',
      poi: '60010',
      signalled: true,
      reasons: [],
    })
    expect(SignalGenerated.parse(outputs[1]!.payload)).toMatchObject({
      signal_id: 'SIG-BTCUSDT-TC-L-20240808T235500',
      entry_price: '60000',
      stop_price_abs: '59840.1',
      target_price_abs: '60399.7',
      tainted: false,
    })
  })

  it('keeps a near miss with its reasons and forgets what has two boxes', () => {
    expect(reasonsOf(close(fresh(), { market_state: 'BALANCE' }))).toEqual(['MARKET_IN_BALANCE'])
    expect(close(fresh(), { profile_session: null, absorbed: [], bars_15s: [] })).toEqual([])
  })

  it('is silent for 300 s about the same setup, unless its grade rises', () => {
    const decider = fresh()
    const weak = { absorbed: [] }
    expect(kinds(close(decider, weak))).toContain('setup.signal.generated')
    expect(reasonsOf(close(decider, { ...weak, at: NOON + 15_000 }))).toEqual(['ALREADY_SIGNALLED'])
    expect(kinds(close(decider, { at: NOON + 30_000 }))).toContain('setup.signal.generated')
    expect(reasonsOf(close(decider, { at: NOON + 329_999 }))).toEqual(['ALREADY_SIGNALLED'])
    expect(kinds(close(decider, { at: NOON + 330_000 }))).toContain('setup.signal.generated')
  })

  it('knows another point of interest from one that moved by a bin', () => {
    const decider = fresh()
    close(decider, poc(600_100))
    expect(reasonsOf(close(decider, { ...poc(600_200), at: NOON + 15_000 }))).toEqual([
      'ALREADY_SIGNALLED',
    ])
    expect(reasonsOf(close(decider, { ...poc(598_850), at: NOON + 30_000 }))).toEqual([])
  })

  it('is silent while a trade or a position is under way, per symbol', () => {
    const decider = fresh()
    decider.handle(typed('execution.trade.started', { ...on, trade }))
    expect(reasonsOf(close(decider))).toEqual(['POSITION_OR_ORDER_OPEN'])
    expect(reasonsOf(close(decider, { symbol: 'ETHUSDT' }))).toEqual([])
    decider.handle(typed('execution.position.changed', { ...on, side: 'LONG' }))
    decider.handle(typed('execution.trade.closed', { ...on, trade }))
    expect(reasonsOf(close(decider))).toEqual(['POSITION_OR_ORDER_OPEN'])
    decider.handle(typed('execution.position.changed', { ...on, side: 'FLAT' }))
    expect(reasonsOf(close(decider))).toEqual([])
  })

  it('drops a broken bias until the next 15 m bar closes', () => {
    const decider = fresh()
    const far = {
      profile_session: { poc_ticks: 593_900, vah_ticks: 1, val_ticks: 1, volume_lots: 1 },
    }
    expect(reasonsOf(close(decider, { ...far, price_ticks: 593_900 }))).toEqual([
      'BIAS_INVALIDATED',
    ])
    expect(reasonsOf(close(decider))).toEqual(['BIAS_INVALIDATED'])
    const next = bullish().bars_15m.map((b) =>
      bar(
        b.open_ticks,
        b.high_ticks,
        b.low_ticks,
        b.close_ticks,
        b.delta_lots,
        b.open_time + 900_000,
      ),
    )
    expect(reasonsOf(close(decider, { bars_15m: next }))).toEqual([])
  })

  it('forgets everything when a new run starts', () => {
    const decider = fresh()
    close(decider)
    decider.handle(typed('market.run.started', {}))
    expect(decider.snapshot()).toEqual(fresh().snapshot())
  })

  it('says when features are tainted', () => {
    const [, signal] = close(fresh(), { tainted_until: NOON + 1 })
    expect(signal?.payload).toMatchObject({ tainted: true })
  })
})
