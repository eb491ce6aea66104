import {
  TAPEDECK_NAMESPACE,
  TapedeckError,
  canonicalJson,
  hasCode,
  uuid5,
} from '@tapedeck/contracts'
import {
  resolveParameters,
  type FillModel,
  type Json,
  type ParameterValues,
  type StrategyDefinition,
  type StrategyOrder,
} from '@tapedeck/core'
import type { BacktestResult } from '../result/backtest-result.ts'
import { rowAt } from './bar-clock.ts'
import { gapsOf } from './bar-gaps.ts'
import { limitsOf } from './bar-limits.ts'
import type { BarPath } from './bar-path.ts'
import { BarRun } from './bar-run.ts'
import type { BarSet } from './bar-series.ts'
import { Desk } from './desk.ts'
import { withLongerBars } from './lengthen-bars.ts'
import { barsIn, planBarRun, type BarRunPlan } from './plan-bar-run.ts'

/** A decision that the strategy kept for the record. */
export type StrategyRecord = { readonly [key: string]: Json }

export type BarBacktestOptions = {
  readonly bars: BarSet
  readonly strategy: StrategyDefinition
  /** Over the strategy's defaults. */
  readonly params?: Readonly<Record<string, unknown>>
  readonly costs: FillModel
  /** In the quote asset. */
  readonly startingBalance: number
  /** Bars that open in [from, to) are traded; those before `from` only warm the strategy up. */
  readonly from?: number
  readonly to?: number
  /** For strategies that draw numbers. Default 1. */
  readonly seed?: number
  /** Correlation group by symbol, for strategies that limit what moves together. */
  readonly groups?: Readonly<Record<string, string>>
  readonly path?: BarPath
  /** Most of a bar's volume that we may fill. Default 100. */
  readonly volumeSharePercent?: number
  readonly onEvent?: (event: StrategyRecord) => void
  /** Every order that the strategy gives, those of the warm-up included, with the time at which it did. */
  readonly onOrder?: (order: StrategyOrder, at: number) => void
  readonly onProgress?: (at: number) => void
  readonly signal?: AbortSignal
}

/** Turns of the clock between looks at the world outside. */
const BREATH_TICKS = 20_000

const createStrategy = (
  options: BarBacktestOptions,
  values: ParameterValues,
  desk: Desk,
  { traded, tracks }: BarRunPlan,
): void => {
  const { strategy, startingBalance, seed = 1, onEvent } = options
  const timeframes = [...new Set(tracks.map(({ series }) => series.timeframe))].toReversed()
  const made = ((): unknown => {
    try {
      return strategy.create(values, {
        instruments: traded.map(({ instrument }) => instrument),
        timeframes,
        startingBalance,
        seed,
        groups: options.groups ?? {},
        record: (event) => onEvent?.(event),
      })
    } catch (error) {
      if (hasCode(error, 'STRATEGY_INVALID')) throw error
      throw new TapedeckError(
        'STRATEGY_INVALID',
        `${strategy.name} failed in create: ${Error.isError(error) ? error.message : String(error)}`,
        { cause: error },
      )
    }
  })()
  const { onBar, snapshot } = (made ?? {}) as { onBar?: unknown; snapshot?: unknown }
  if (typeof onBar !== 'function' || typeof snapshot !== 'function')
    throw new TapedeckError(
      'STRATEGY_INVALID',
      `${strategy.name}: create made no strategy, expected { onBar(bar, portfolio), snapshot() }`,
    )
  desk.use(made as ReturnType<StrategyDefinition['create']>)
}

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const play = async (
  run: BarRun,
  options: BarBacktestOptions,
): Promise<BacktestResult['stopped']> => {
  const { signal, onProgress, bars } = options
  try {
    while (run.turn(BREATH_TICKS)) {
      onProgress?.(run.now)
      await breathe()
      if (signal?.aborted === true) return { at: run.now, reason: 'stopped by the user' }
    }
    run.end()
  } catch (error) {
    if (hasCode(error, 'STRATEGY_FAILED') || hasCode(error, 'STRATEGY_INVALID'))
      return { at: run.now, reason: error.message }
    throw error
  }
  return bars.damage === null ? null : { at: bars.damage.at, reason: bars.damage.error.message }
}

/**
 * Plays a strategy over bars. Everything that fills is filled by the core's matching engine; the clock, the
 * account and the strategy see closed bars alone.
 *
 * Throws STRATEGY_INVALID, PARAMETER_INVALID, RECORDING_INVALID and VALIDATION_FAILED before the first
 * bar. A strategy that fails later, bars that go bad, and an abort end the run there: the result holds what
 * was done and `stopped` says why. Positions that are open when all bars were shown are closed at the
 * last price; those open at a stop stay open.
 */
export const runBarBacktest = async (asked: BarBacktestOptions): Promise<BacktestResult> => {
  const series = withLongerBars(asked.bars.series, asked.strategy)
  const options = { ...asked, bars: { ...asked.bars, series } }
  const { strategy, bars, costs, startingBalance, seed = 1 } = options
  const { path = 'ohlc', volumeSharePercent = 100 } = options
  const values = resolveParameters(strategy.name, strategy.parameters, options.params)
  const plan = planBarRun(options, values)
  const desk = new Desk({
    strategy: strategy.name,
    series: plan.traded,
    model: costs,
    startingBalance,
    onOrder: options.onOrder,
  })
  createStrategy(options, values, desk, plan)
  const run = new BarRun(plan, desk, options)
  const stopped = await play(run, options)
  const provenance = {
    bars: bars.fingerprint,
    parameters: canonicalJson(values),
    costs: canonicalJson(costs),
    path,
    volume_share_percent: String(volumeSharePercent),
    seed: String(seed),
  }
  const { from, to } = plan
  const key = canonicalJson({ ...provenance, strategy: strategy.name, from, to, startingBalance })
  return {
    run_id: uuid5(TAPEDECK_NAMESPACE, `bars|${key}`),
    strategy: strategy.name,
    symbols: plan.traded.map(({ instrument }) => instrument.symbol),
    from,
    to: stopped?.at ?? to,
    starting_balance: startingBalance,
    trades: desk.lanes
      .flatMap(({ ledger }) => ledger.trades)
      .toSorted((a, b) => a.exited_at - b.exited_at),
    equity: run.equity,
    counts: { ...desk.counts, bars: barsIn(plan) },
    provenance,
    limits: limitsOf(bars.series, path),
    gaps: plan.traded.flatMap((one) => gapsOf(one, rowAt(one, from), rowAt(one, to))),
    stopped,
  }
}
