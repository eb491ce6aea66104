import { TIMEFRAME_MS, TapedeckError } from '@tapedeck/contracts'
import type { ParameterValues, StrategyDefinition } from '@tapedeck/core'
import { SeriesTrack, inShowOrder, rowAt, tradedSeries } from './bar-clock.ts'
import { latencyMsMax } from './bar-path.ts'
import type { BarSeries } from './bar-series.ts'
import type { BarBacktestOptions } from './run-bar-backtest.ts'

/** What a run plays, worked out and checked before the first bar. */
export type BarRunPlan = {
  readonly traded: readonly BarSeries[]
  readonly tracks: readonly SeriesTrack[]
  /** Rows of each traded series that are shown, from the warm-up on. */
  readonly from: number
  readonly to: number
  readonly baseMs: number
}

const invalid = (what: string, value: unknown, expected: string): TapedeckError =>
  new TapedeckError('VALIDATION_FAILED', `${what} is ${String(value)}, expected ${expected}`)

const check = (options: BarBacktestOptions, traded: readonly BarSeries[]): void => {
  const { costs, startingBalance, volumeSharePercent = 100, strategy, bars } = options
  if (!(startingBalance > 0) || !Number.isFinite(startingBalance))
    throw invalid('startingBalance', startingBalance, 'money above 0')
  if (!(volumeSharePercent > 0) || volumeSharePercent > 100)
    throw invalid('volumeSharePercent', volumeSharePercent, 'percent above 0, at most 100')
  const lengthMs = TIMEFRAME_MS[traded[0]!.timeframe]
  if (!(costs.latencyMs >= 0) || costs.latencyMs > latencyMsMax(lengthMs))
    throw invalid('latency_ms', costs.latencyMs, `0 to ${latencyMsMax(lengthMs)} for these bars`)
  for (const one of traded) {
    if (one.timeframe !== traded[0]!.timeframe)
      throw invalid(
        `timeframe of ${one.instrument.symbol}`,
        one.timeframe,
        `${traded[0]!.timeframe}, like ${traded[0]!.instrument.symbol}`,
      )
    if (one.shown === 'open')
      throw invalid('shown', 'open', 'close for the series that is traded on')
  }
  const { timeframes } = strategy
  const have = new Set(bars.series.map(({ timeframe }) => timeframe))
  const missing = timeframes?.find((one) => !have.has(one))
  if (missing !== undefined)
    throw new TapedeckError(
      'RECORDING_INVALID',
      `${strategy.name} needs bars of ${timeframes!.join(' and ')}, ${missing} is missing; name files of it as well`,
    )
}

/** Throws RECORDING_INVALID, VALIDATION_FAILED and STRATEGY_INVALID. */
export const planBarRun = (options: BarBacktestOptions, values: ParameterValues): BarRunPlan => {
  const { bars, strategy } = options
  const traded = tradedSeries(bars.series)
  if (traded.every(({ count }) => count === 0))
    throw new TapedeckError('RECORDING_INVALID', 'there are no bars, expected at least one')
  check(options, traded)
  const baseMs = TIMEFRAME_MS[traded[0]!.timeframe]
  const opens = traded.filter(({ count }) => count > 0)
  const first = Math.min(...opens.map(({ openTime }) => openTime[0]!))
  const last = Math.max(...opens.map(({ openTime, count }) => openTime[count - 1]! + baseMs))
  const from = Math.max(first, options.from ?? first)
  const to = Math.min(last, options.to ?? last, bars.damage?.at ?? last)
  if (!(from < to))
    throw new TapedeckError(
      'RECORDING_INVALID',
      `no bars from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}; the files hold ${new Date(first).toISOString()} to ${new Date(last).toISOString()}`,
    )
  const warmup = warmupOf(strategy, values, traded[0]!)
  const rows = opens.map((series) => Math.max(0, rowAt(series, from) - warmup))
  const start = Math.min(...opens.map((series, i) => series.openTime[rows[i]!] ?? from))
  const tracks = inShowOrder(bars.series).map((series) => {
    const lengthMs = TIMEFRAME_MS[series.timeframe]
    const delay = series.shown === 'open' ? 0 : lengthMs
    // The longer bar that the first one lies in belongs to the run.
    const opening = Math.floor(start / lengthMs) * lengthMs
    // A bar counts when it is shown by the end; one that is cut off there has not closed.
    return new SeriesTrack(series, rowAt(series, opening), rowAt(series, to - delay + 1))
  })
  return { traded, tracks, from, to, baseMs }
}

const warmupOf = (
  strategy: StrategyDefinition,
  values: ParameterValues,
  { timeframe }: BarSeries,
): number => {
  const bars = strategy.warmupBars(values, timeframe)
  if (Number.isSafeInteger(bars) && bars >= 0) return bars
  throw new TapedeckError(
    'STRATEGY_INVALID',
    `${strategy.name}: warmupBars gives ${String(bars)}, expected a whole number, 0 or more`,
  )
}

/** Bars that are traded. */
export const barsIn = ({ traded, from, to }: BarRunPlan): number =>
  traded.reduce((sum, one) => sum + rowAt(one, to) - rowAt(one, from), 0)
