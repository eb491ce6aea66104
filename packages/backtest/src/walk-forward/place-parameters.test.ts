import { describe, expect, it } from '@jest/globals'
import { BUILT_IN_STRATEGIES } from '@tapedeck/core'
import { testTrading } from '@tapedeck/test-data'
import { axesOf } from './parameter-space.ts'
import { checkAxes, placeParameters } from './place-parameters.ts'
import { METRIC_NAMES, objectiveOf, scoreOf } from './objective.ts'

const trading = testTrading()

const donchian = BUILT_IN_STRATEGIES.find(({ name }) => name === 'donchian')!

describe('parameters', () => {
  it('go to the configuration by dotted keys, to the strategy by plain ones', () => {
    const placed = placeParameters(trading, donchian, {
      'strategy.cooldown_ms': 1_000,
      'instruments.BTCUSDT.lot_size': '0.01',
      entry: 30,
    })
    expect(placed.trading.strategy.cooldown_ms).toBe(1_000)
    expect(placed.trading.instruments[0]!.lot_size).toBe('0.01')
    expect(placed.strategy).toMatchObject({ entry: 30 })
    expect(trading.strategy.cooldown_ms).toBe(300_000)
  })

  it.each<[Record<string, number | string>, string]>([
    [
      { 'strategy.cool': 1 },
      'no key strategy.cool: no cool there; known are poi_tolerance_fraction',
    ],
    [{ 'strat.cooldown_ms': 1 }, 'no strat there; known are instruments, session'],
    [{ 'instruments.ETHUSDT.lot_size': '1' }, 'no ETHUSDT there; known are BTCUSDT'],
    [{ 'strategy.__proto__.x': 1 }, 'no __proto__ there'],
    [{ 'strategy.cooldown_ms': -1 }, 'strategy.cooldown_ms = -1: strategy.cooldown_ms: Too small'],
    [{ 'strategy.cooldown_ms': 'soon' }, 'expected number'],
    [{ entri: 30 }, 'there is no parameter entri, expected entry'],
    [{ entry: 100_000 }, 'parameter entry is 100000, expected a whole number'],
  ])('%j is refused: %s', (point, text) => {
    expect(() => placeParameters(trading, donchian, point)).toThrow(text)
    const axes = axesOf(
      Object.fromEntries(Object.entries(point).map(([key, value]) => [key, { choice: [value] }])),
    )
    expect(() => checkAxes(axes, trading, donchian)).toThrow(text)
  })

  it('the brain has no parameters but the configuration', () => {
    expect(() => placeParameters(trading, null, { entry: 3 })).toThrow(
      'the order-flow brain has only keys of the trading configuration',
    )
  })

  it('the ends of a long axis are looked at beforehand', () => {
    const axes = axesOf({ 'strategy.cooldown_ms': { range: [0, 3_600_001], step: 1 } })
    expect(() => checkAxes(axes, trading, null)).toThrow('strategy.cooldown_ms = 3600001')
  })
})

describe('an objective', () => {
  it.each<[string, string, string]>([
    ['sharpe', 'returns.sharpe', 'maximize'],
    ['trades.profit_factor', 'trades.profit_factor', 'maximize'],
    ['max_drawdown', 'deepest_drawdown.fraction', 'minimize'],
    ['net_profit', 'net_profit', 'maximize'],
    ['volatility', 'returns.volatility', 'minimize'],
  ])('%s is %s, %s', (name, metric, direction) => {
    expect(objectiveOf(name, 3)).toEqual({ metric, direction, minTrades: 3 })
    expect(METRIC_NAMES).toContain(metric)
  })

  it.each(['', 'sharp', '__proto__', 'p50', 'constructor'])(
    '%j is refused with what there is',
    (name) => {
      expect(() => objectiveOf(name, 0)).toThrow('expected one of')
    },
  )

  it.each<[string, Record<string, number | null>, number | null]>([
    ['a figure is its own score', { net_profit: 5, 'trades.trades': 3 }, 5],
    ['an unknown figure is none', { net_profit: null, 'trades.trades': 3 }, null],
    ['NaN is none', { net_profit: Number.NaN, 'trades.trades': 3 }, null],
    ['infinity is none', { net_profit: Infinity, 'trades.trades': 3 }, null],
    ['too few trades are none', { net_profit: 5, 'trades.trades': 2 }, null],
  ])('%s', (_, metrics, expected) => {
    expect(scoreOf(metrics, objectiveOf('net_profit', 3))).toBe(expected)
  })

  it('less is better where less is better', () => {
    const objective = objectiveOf('max_drawdown', 0)
    const score = (value: number) => scoreOf({ 'deepest_drawdown.fraction': value }, objective)!
    expect(score(0.1)).toBeGreaterThan(score(0.2))
  })
})
