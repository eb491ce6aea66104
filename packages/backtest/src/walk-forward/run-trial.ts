import { TapedeckError, TradingConfig } from '@tapedeck/contracts'
import {
  fillModelFrom,
  performanceOf,
  type ClosedTrade,
  type EquityPoint,
  type StrategyDefinition,
} from '@tapedeck/core'
import { runBarBacktest, type BarSet } from '../bars/index.ts'
import { runBacktest } from '../engine/index.ts'
import type { BacktestResult } from '../result/backtest-result.ts'
import type { TapeReader } from '../tape/index.ts'
import { metricsOf } from './objective.ts'
import { placeParameters, type PlacedParameters } from './place-parameters.ts'
import { purgeTrades, realizedEquity } from './purge-trades.ts'
import type { TrialJob, TrialOutcome } from './trial-job.ts'
import type { Span } from './windows.ts'

/** The data of a job, opened. */
export type OpenData =
  | { readonly kind: 'tape'; readonly tape: TapeReader }
  | { readonly kind: 'bars'; readonly bars: BarSet; readonly strategy: StrategyDefinition }

const runSpan = async (
  { study }: TrialJob,
  data: OpenData,
  placed: PlacedParameters,
  { from, to }: Span,
): Promise<BacktestResult> => {
  const { trading } = placed
  if (data.kind === 'tape') {
    return await runBacktest({ tape: data.tape, trading, from, to, warmUpMs: study.warmUpMs })
  }
  return await runBarBacktest({
    bars: data.bars,
    strategy: data.strategy,
    params: placed.strategy,
    costs: fillModelFrom(trading.execution),
    startingBalance: Number(trading.execution.starting_balance),
    from,
    to,
    seed: study.seed,
  })
}

/** Data that goes bad only after the span is whole as far as this trial is concerned. */
const assertWhole = ({ stopped }: BacktestResult, { to }: Span): void => {
  if (stopped === null || stopped.at >= to) return
  throw new TapedeckError(
    'TRIAL_FAILED',
    `stopped at ${new Date(stopped.at).toISOString()}: ${stopped.reason}`,
  )
}

const failure = (error: unknown): TrialOutcome => {
  const code = (error as { code?: unknown }).code
  return {
    status: 'failed',
    code: typeof code === 'string' ? code : 'TRIAL_FAILED',
    message: (Error.isError(error) ? error.message : String(error)).slice(0, 1_000),
  }
}

const outcomeOf = async (job: TrialJob, data: OpenData): Promise<TrialOutcome> => {
  const trading = TradingConfig.parse(job.study.trading)
  const definition = data.kind === 'bars' ? data.strategy : null
  const placed = placeParameters(trading, definition, job.params)
  const start = Number(placed.trading.execution.starting_balance)
  const isTest = job.role === 'test'
  const trades: ClosedTrade[] = []
  const equity: EquityPoint[] = []
  let purged = 0
  for (const span of job.spans) {
    const result = await runSpan(job, data, placed, span)
    assertWhole(result, span)
    const sifted = isTest ? { kept: result.trades, purged: 0 } : purgeTrades(result.trades, span)
    trades.push(...sifted.kept)
    purged += sifted.purged
    if (isTest) equity.push(...result.equity)
  }
  const from = job.spans[0]!.from
  const performed = {
    from,
    to: job.spans.at(-1)!.to,
    starting_balance: start,
    trades,
    // Training and test are compared by what was realized: the one curve that purging leaves whole.
    equity: realizedEquity(trades, start, from),
  }
  return {
    status: 'done',
    metrics: metricsOf(performanceOf(performed, job.study.rules)),
    purged,
    trades: isTest ? trades : null,
    equity: isTest ? equity : null,
  }
}

/**
 * Does a trial: backtests over its spans, purged, counted. A strategy that throws, parameters that make no
 * sense together and data that goes bad are outcomes, since the same trial would end so again.
 */
export const runTrialOn = async (job: TrialJob, data: OpenData): Promise<TrialOutcome> => {
  try {
    return await outcomeOf(job, data)
  } catch (error) {
    return failure(error)
  }
}
