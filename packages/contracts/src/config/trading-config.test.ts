import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { TradingConfig } from './trading-config.ts'

const btcusdt = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  base_asset: 'BTC',
  quote_asset: 'USDT',
  tick_size: '0.10',
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '100',
  profile_bin_ticks: 100,
  min_absorption_volume: 50,
}
const minimal = { instruments: [btcusdt] }

type Schema = {
  properties?: Record<string, Schema>
  items?: Schema
  description?: string
  additionalProperties?: unknown
}
const leaves = (schema: Schema, path: string): { path: string; schema: Schema }[] => {
  const inner = schema.properties ?? schema.items?.properties
  if (inner === undefined) return [{ path, schema }]
  return Object.entries(inner).flatMap(([key, value]) => leaves(value, `${path}.${key}`))
}

describe('defaults', () => {
  const config = TradingConfig.parse(minimal)

  it('a list of instruments is enough; every other number has a default', () => {
    expect(Object.keys(config)).toEqual([
      'instruments',
      'session',
      'order_flow',
      'strategy',
      'setup_events',
      'risk',
      'execution',
      'reconciliation',
    ])
  })

  it.each<[string, unknown]>([
    ['session.start_utc', '08:00'],
    ['order_flow.absorption.half_life_ms', 10_000],
    ['order_flow.absorption.volume_basis', 'window'],
    ['strategy.cooldown_ms', 300_000],
    ['setup_events.compression.ttl_bars', 24],
    ['setup_events.outcome_ttl_bars', 48],
    ['risk.base_risk_percent', 0.25],
    ['risk.session.max_drawdown_percent', 5],
    ['execution.entry_ttl_ms', 10_000],
    ['execution.stop_ack_max_ms', 3_000],
    ['execution.break_even.buffer_percent', 0.02],
    ['execution.fill_model.latency_ms', 50],
    ['reconciliation.interval_ms', 30_000],
    ['reconciliation.emergency_stop_percent', 1],
  ])('%s is %p, as the domain decided', (path, value) => {
    const found = path
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], config)
    expect(found).toBe(value)
  })

  it('parsing what was parsed changes nothing', () => {
    expect(TradingConfig.parse(config)).toEqual(config)
  })
})

describe('what is refused', () => {
  it.each<[string, object, RegExp]>([
    ['no instruments', { instruments: [] }, /instruments/],
    ['an instrument twice', { instruments: [btcusdt, btcusdt] }, /listed twice/],
    ['a tick size of zero', { instruments: [{ ...btcusdt, tick_size: '0.0' }] }, /tick_size/],
    [
      'a number where a decimal string belongs',
      { instruments: [{ ...btcusdt, lot_size: 0.001 }] },
      /lot_size/,
    ],
    ['an asset of no letters', { instruments: [{ ...btcusdt, base_asset: '\0' }] }, /base_asset/],
    ['an asset of markup', { instruments: [{ ...btcusdt, quote_asset: '<b>' }] }, /quote_asset/],
    [
      'a group of markup',
      { instruments: [{ ...btcusdt, correlation_group: '<b>' }] },
      /correlation_group/,
    ],
    ['a key nobody knows', { ...minimal, rsik: {} }, /rsik/],
    [
      'a key nobody knows, deep inside',
      { ...minimal, risk: { session: { max_losses: 3 } } },
      /max_losses/,
    ],
    ['a timeframe twice', { ...minimal, setup_events: { timeframes: ['1h', '1h'] } }, /twice/],
    ['a scorer nobody has', { ...minimal, setup_events: { scorer: 'lightgbm' } }, /scorer/],
    ['risk beyond its range', { ...minimal, risk: { base_risk_percent: 25 } }, /base_risk_percent/],
    ['risk of zero', { ...minimal, risk: { base_risk_percent: 0 } }, /base_risk_percent/],
    ['an hour that does not exist', { ...minimal, session: { start_utc: '24:00' } }, /HH:MM/],
    [
      'a fraction of a millisecond',
      { ...minimal, execution: { entry_ttl_ms: 1000.5 } },
      /entry_ttl_ms/,
    ],
    ['an empty wallet', { ...minimal, execution: { starting_balance: '0' } }, /starting_balance/],
    [
      'a negative wallet',
      { ...minimal, execution: { starting_balance: '-1' } },
      /starting_balance/,
    ],
  ])('%s', (_name, config, named) => {
    const parsed = TradingConfig.safeParse(config)
    expect(parsed.success).toBe(false)
    expect(parsed.error === undefined ? '' : z.prettifyError(parsed.error)).toMatch(named)
  })
})

describe('every key', () => {
  const all = leaves(z.toJSONSchema(TradingConfig, { io: 'input' }) as Schema, '')

  it('is described', () => {
    expect(all.filter(({ schema }) => schema.description === undefined)).toEqual([])
  })

  it('of a section has a default, so that an empty section is a valid one', () => {
    const without = all.filter(
      ({ path, schema }) => !path.startsWith('.instruments') && !('default' in schema),
    )
    expect(without.map(({ path }) => path)).toEqual([])
  })
})
