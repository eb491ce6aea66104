import type { BarStrategy, FillModel, StrategyDefinition } from '@tapedeck/core'
import type { BarSet } from '../bars/bar-series.ts'
import { runBarBacktest } from '../bars/run-bar-backtest.ts'
import type { Hear, Subject } from './subject.ts'

export type BarSubjectOptions = {
  readonly strategy: StrategyDefinition
  readonly params?: Readonly<Record<string, unknown>>
  readonly costs: FillModel
  readonly startingBalance: number
  readonly seed?: number
}

/** The strategy, overheard: its orders, and its state after each call. */
const overheard = (inner: BarStrategy, hear: Hear, onCall: (at: number) => void): BarStrategy => ({
  onBar: (bar, portfolio) => {
    const { symbol, timeframe, openTime } = bar
    const { at, equity } = portfolio
    onCall(at)
    const orders = inner.onBar(bar, portfolio)
    hear(at, 'bar', { symbol, timeframe, openTime, equity, orders })
    hear(at, 'state', inner.snapshot())
    return orders
  },
  ...(inner.onOrder === undefined
    ? {}
    : {
        onOrder: (update, portfolio) => {
          onCall(portfolio.at)
          const orders = inner.onOrder!(update, portfolio)
          hear(portfolio.at, 'order', { update, orders })
          return orders
        },
      }),
  snapshot: () => inner.snapshot(),
})

/**
 * A strategy on bars, and the engine that plays it: decisions, state after every bar, what was recorded, closed
 * trades, equity. `strategyOf` makes the strategy of a play from its data (a strategy that is given data at all is
 * what this is here to examine).
 */
export const barSubject = (
  options: Omit<BarSubjectOptions, 'strategy'>,
  name: string,
  strategyOf: (bars: BarSet) => StrategyDefinition,
): Subject<BarSet> => ({
  name,
  play: async (bars, hear) => {
    const strategy = strategyOf(bars)
    let now = 0
    const result = await runBarBacktest({
      ...options,
      bars,
      strategy: {
        ...strategy,
        warmupBars: (...given) => strategy.warmupBars(...given),
        create: (values, context, snapshot) =>
          overheard(strategy.create(values, context, snapshot), hear, (at) => {
            now = at
          }),
      },
      onEvent: (event) => hear(now, 'recorded', event),
    })
    for (const trade of result.trades) hear(trade.exited_at, 'trade', trade)
    for (const point of result.equity) hear(point.at, 'equity', point)
  },
})
