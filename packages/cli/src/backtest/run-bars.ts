import {
  type BacktestResult,
  type StrategyRecord,
  loadStrategy,
  openBarFiles,
  runBarBacktest,
} from '@tapedeck/backtest'
import { type TradingConfig, instrumentsOf } from '@tapedeck/contracts'
import { fillModelFrom, parseParameter } from '@tapedeck/core'
import type { BacktestCommand } from './backtest-command.ts'

export interface BarRunning {
  readonly trading: TradingConfig
  readonly own: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly onProgress: (at: number) => void
  readonly onEvent: ((event: StrategyRecord) => void) | null
}

/** Plays a strategy over files of klines. */
export const runBars = async (
  command: BacktestCommand,
  { trading, own, signal, onProgress, onEvent }: BarRunning,
): Promise<BacktestResult> => {
  const { paths, symbol, venue, from, to } = command
  const strategy = await loadStrategy(command.strategy)
  const params = Object.fromEntries(
    Object.entries(own).map(([name, text]) => [
      name,
      parseParameter(strategy.name, strategy.parameters, name, text),
    ]),
  )
  const bars = await openBarFiles({
    files: paths,
    instruments: instrumentsOf(trading),
    ...(symbol === undefined ? {} : { symbol }),
    ...(venue === undefined ? {} : { venue }),
  })
  return await runBarBacktest({
    bars,
    strategy,
    params,
    costs: fillModelFrom(trading.execution),
    startingBalance: Number(trading.execution.starting_balance),
    groups: Object.fromEntries(
      trading.instruments.map((one) => [one.symbol, one.correlation_group]),
    ),
    signal,
    onProgress,
    ...(onEvent === null ? {} : { onEvent }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  })
}
