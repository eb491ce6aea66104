import {
  bootstrapIndependent,
  bootstrapSeries,
  countedReturns,
  inExitOrder,
  mean,
  monteCarlo,
  performanceOf,
  periodicReturns,
  sharpeRatio,
  tradeReturns,
  wholeCurve,
  type ClosedTrade,
  type Interval,
  type MonteCarlo,
  type Performance,
  type PerformanceOptions,
  type PeriodReturn,
} from '@tapedeck/core'
import type { BacktestResult } from '../result/backtest-result.ts'

export type ReportOptions = PerformanceOptions & {
  /** Of every random number in a report; the same seed gives the same report. Default 1. */
  readonly seed?: number
  /** Bootstrap resamples, and runs of each Monte Carlo. Default 2000. */
  readonly resamples?: number
}

/** Intervals by name; null where there is too little to say. */
export type Intervals = {
  readonly sharpe: Interval | null
  readonly expectancy_r: Interval | null
  readonly expectancy: Interval | null
  readonly win_rate: Interval | null
  readonly profit_factor: Interval | null
}

/** Everything that a report says, without how it looks: the contents of `metrics.json`. */
export type Report = {
  readonly format: 'tapedeck-metrics'
  readonly version: 1
  readonly run: Omit<BacktestResult, 'trades' | 'equity'>
  readonly performance: Performance
  readonly seed: number
  readonly intervals: Intervals
  readonly monte_carlo: {
    readonly shuffle: MonteCarlo | null
    readonly resample: MonteCarlo | null
  }
  readonly periods: readonly PeriodReturn[]
}

/** Above this, trade results resampled thousands of times would take longer than they are worth. */
const MOST_DRAWS = 20_000_000

const resamplesFor = (count: number, asked: number): number =>
  Math.max(100, Math.min(asked, Math.floor(MOST_DRAWS / Math.max(1, count))))

const share = (nets: readonly number[]): number | null =>
  nets.length === 0 ? null : nets.filter((net) => net > 0).length / nets.length

/** Infinite without a loss: a resample that says so is above any bound. */
const profitFactor = (nets: readonly number[]): number | null => {
  let won = 0
  let lost = 0
  for (const net of nets)
    if (net > 0) won += net
    else lost -= net
  if (lost > 0) return won / lost
  return won > 0 ? Infinity : null
}

const intervalsOf = (
  trades: readonly ClosedTrade[],
  returns: readonly number[],
  { periods_per_year: perYear, risk_free_rate: riskFree }: Performance['returns'],
  options: { readonly seed: number; readonly resamples: number },
): Intervals => {
  const nets = trades.map(({ net_pnl }) => net_pnl)
  const rs = trades.map(({ r }) => r).filter((r) => r !== null)
  const plain = { seed: options.seed, resamples: resamplesFor(nets.length, options.resamples) }
  const series = { seed: options.seed, resamples: resamplesFor(returns.length, options.resamples) }
  const annualSharpe = (sample: readonly number[]): number | null => {
    const ratio = sharpeRatio(sample, riskFree / perYear)
    return ratio === null ? null : ratio * Math.sqrt(perYear)
  }
  return {
    sharpe: bootstrapSeries(returns, annualSharpe, series),
    expectancy_r: bootstrapIndependent(rs, mean, plain),
    expectancy: bootstrapIndependent(nets, mean, plain),
    win_rate: bootstrapIndependent(nets, share, plain),
    profit_factor: bootstrapIndependent(nets, profitFactor, plain),
  }
}

/** Counts everything that a report shows. Deterministic: the same result and options give the same figures. */
export const buildReport = (result: BacktestResult, options: ReportOptions = {}): Report => {
  const { seed = 1, resamples = 2000 } = options
  const { trades, equity: _, ...run } = result
  const performance = performanceOf(result, options)
  const periods = periodicReturns(wholeCurve(result), options)
  const ordered = inExitOrder(trades)
  const shares = tradeReturns(
    ordered.map(({ net_pnl }) => net_pnl),
    result.starting_balance,
  )
  const draw = (mode: 'shuffle' | 'resample'): MonteCarlo | null =>
    shares === null ? null : monteCarlo(shares, { seed, mode, runs: resamples })
  return {
    format: 'tapedeck-metrics',
    version: 1,
    run,
    performance,
    seed,
    intervals: intervalsOf(ordered, countedReturns(periods) ?? [], performance.returns, {
      seed,
      resamples,
    }),
    monte_carlo: { shuffle: draw('shuffle'), resample: draw('resample') },
    periods,
  }
}
