import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { BUILT_IN_STRATEGIES, type StrategyDefinition } from '@tapedeck/core'
import { NO_COSTS, restarted } from './bars.fixture.ts'
import { generatedBars } from './generated-bars.ts'
import { runBarBacktest } from './run-bar-backtest.ts'

const named = (wanted: string): StrategyDefinition =>
  BUILT_IN_STRATEGIES.find(({ name }) => name === wanted)!

describe('donchian', () => {
  it('makes the trades that a peer makes on the same bars (docs/research/bars.md)', async () => {
    const bars = generatedBars({
      seed: 7,
      symbols: 1,
      bars: 9_800,
      timeframe: '1h',
      from: Date.UTC(2024, 0, 1),
    })
    const { trades } = await runBarBacktest({
      bars,
      strategy: named('donchian'),
      params: { entry: 20, exit: 10, stop_atr: 0, allocation_percent: 50 },
      startingBalance: 10_000,
      costs: { ...NO_COSTS, makerFeePercent: 0.04, takerFeePercent: 0.04 },
    })
    const fills = trades.flatMap(({ side, quantity, ...trade }) => {
      const signed = side === 'LONG' ? quantity : -quantity
      return [
        `${trade.entered_at},${signed.toFixed(3)},${trade.entry_price.toFixed(2)}\n`,
        `${trade.exited_at},${(-signed).toFixed(3)},${trade.exit_price.toFixed(2)}\n`,
      ]
    })
    expect(trades).toHaveLength(171)
    expect(createHash('sha256').update(fills.join('')).digest('hex')).toBe(
      '5f00284691d5f573ab705cb3fedf42083d6c2369616edc6d784a5841b5f8caaf',
    )
  })
})

const run = async (strategy: StrategyDefinition, symbols: number) => {
  const events: unknown[] = []
  const result = await runBarBacktest({
    bars: generatedBars({ seed: 3, symbols, bars: 400, timeframe: '1d', from: 0 }),
    strategy,
    startingBalance: 100_000,
    costs: { ...NO_COSTS, latencyMs: 50, slippagePercent: 0.02, takerFeePercent: 0.04 },
    onEvent: (event) => events.push(event),
  })
  return { result, events }
}

describe.each(['donchian', 'turtle'])('%s', (name) => {
  it('does the same twice, and wherever its state was saved in between', async () => {
    const once = await run(named(name), 2)
    expect(once.result.trades.length).toBeGreaterThan(10)
    expect(await run(named(name), 2)).toEqual(once)
    expect(await run(restarted(named(name)), 2)).toEqual(once)
  })

  it('does not look ahead: cutting the data off changes nothing before the cut', async () => {
    const bars = generatedBars({ seed: 3, symbols: 2, bars: 700, timeframe: '1d', from: 0 })
    const ordersUntil = async (to: number | undefined): Promise<string[]> => {
      const orders: string[] = []
      await runBarBacktest({
        bars,
        strategy: named(name),
        startingBalance: 100_000,
        costs: NO_COSTS,
        onOrder: (order, at) => orders.push(`${at} ${JSON.stringify(order)}`),
        ...(to === undefined ? {} : { to }),
      })
      return orders
    }
    const cut = 400 * 86_400_000
    const all = await ordersUntil(undefined)
    const before = all.filter((order) => Number(order.split(' ')[0]) <= cut)
    expect(before.length).toBeGreaterThan(20)
    expect(await ordersUntil(cut)).toEqual(before)
  })
})
