import type { Instrument, Timeframe } from '@tapedeck/contracts'
import type {
  BarStrategy,
  ClosedBar,
  Json,
  OrderUpdate,
  PortfolioView,
  StrategyDefinition,
  StrategyOrder,
} from '@tapedeck/core'
import { BarColumns, type BarSeries, type BarSet } from './bar-series.ts'

export const START = Date.UTC(2024, 0, 1)

export const instrumentOf = (symbol = 'BTCUSDT', over: Partial<Instrument> = {}): Instrument => ({
  venue: 'binance-spot',
  symbol,
  base_asset: 'BTC',
  quote_asset: 'USDT',
  tick_size: '1',
  lot_size: '1',
  min_quantity: '1',
  min_notional: '0',
  max_leverage: 100,
  ...over,
})

export const NO_COSTS = {
  latencyMs: 0,
  slippagePercent: 0,
  makerFeePercent: 0,
  takerFeePercent: 0,
  bookAgeMsMax: 0,
}

/** [open, high, low, close] in ticks, and volume; null leaves a hole. */
export type Row = readonly [number, number, number, number, number?] | null

export const seriesOf = (
  rows: readonly Row[],
  {
    instrument = instrumentOf(),
    timeframe = '1h',
    lengthMs = 3_600_000,
    from = START,
  }: {
    readonly instrument?: Instrument
    readonly timeframe?: Timeframe
    readonly lengthMs?: number
    readonly from?: number
  } = {},
): BarSeries => {
  const columns = new BarColumns(instrument, timeframe)
  rows.forEach((row, i) => {
    if (row === null) return
    const [open, high, low, close, volume = 1_000_000] = row
    columns.push({ openTime: from + i * lengthMs, open, high, low, close }, volume)
  })
  return columns.finish()
}

export const setOf = (...series: readonly BarSeries[]): BarSet => ({
  series,
  fingerprint: 'test',
  damage: null,
})

type Script = {
  readonly onBar?: (bar: ClosedBar, portfolio: PortfolioView) => readonly StrategyOrder[]
  readonly onOrder?: (update: OrderUpdate, portfolio: PortfolioView) => readonly StrategyOrder[]
}

/** A strategy that does what a test says. */
export const scripted = ({ onBar, onOrder }: Script, warmup = 0): StrategyDefinition => ({
  name: 'scripted',
  about: 'does as it is told',
  parameters: {},
  timeframes: null,
  warmupBars: () => warmup,
  create: (): BarStrategy => ({
    onBar: (bar, portfolio) => (onBar === undefined ? [] : onBar(bar, portfolio)),
    ...(onOrder === undefined ? {} : { onOrder }),
    snapshot: () => null,
  }),
})

/** Orders by the number of the bar, from 0. */
export const atBars = (orders: Readonly<Record<number, readonly StrategyOrder[]>>): Script => {
  let bar = -1
  return {
    onBar: () => {
      bar++
      return orders[bar] ?? []
    },
  }
}

export const enter = (
  over: Partial<Extract<StrategyOrder, { action: 'enter' }>> = {},
): StrategyOrder => ({
  action: 'enter',
  id: 'e',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'market',
  ticks: null,
  size: { lots: 10 },
  stopTicks: null,
  targetTicks: null,
  reason: 'test',
  ...over,
})

export const exit: StrategyOrder = {
  action: 'exit',
  symbol: 'BTCUSDT',
  lots: null,
  reason: 'told',
}

/** The same strategy, rebuilt from its own snapshot as JSON after every call. */
export const restarted = (inner: StrategyDefinition): StrategyDefinition => ({
  ...inner,
  create: (values, context, snapshot): BarStrategy => {
    let strategy = inner.create(values, context, snapshot)
    const rebuild = (): void => {
      const saved = JSON.parse(JSON.stringify(strategy.snapshot())) as Json
      strategy = inner.create(values, context, saved)
    }
    const after = <T>(answer: T): T => {
      rebuild()
      return answer
    }
    return {
      onBar: (bar, portfolio) => after(strategy.onBar(bar, portfolio)),
      onOrder: (update, portfolio) => after(strategy.onOrder?.(update, portfolio) ?? []),
      onEnd: (portfolio) => strategy.onEnd?.(portfolio),
      snapshot: () => strategy.snapshot(),
    }
  },
})
