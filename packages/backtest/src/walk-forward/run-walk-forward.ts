import { TapedeckError } from '@tapedeck/contracts'
import {
  monteCarlo,
  performanceOf,
  tradeReturns,
  varianceOfTrials,
  type ClosedTrade,
  type EquityPoint,
  type MonteCarlo,
  type Performance,
} from '@tapedeck/core'
import type { Metrics, Objective } from './objective.ts'
import type { Axis, ParameterPoint, Places } from './parameter-space.ts'
import { searchSpans, type Plateau, type Searched, type TrialRow } from './search-window.ts'
import { stabilityOf, type Stability } from './stability.ts'
import { stitchTests, type TestRun } from './stitch.ts'
import type { RunTrial, TrialOutcome, TrialStudy } from './trial-job.ts'
import { verdictOf, type Verdict } from './verdict.ts'
import type { Span, WalkWindow } from './windows.ts'

export type WindowResult = {
  readonly index: number
  readonly train: readonly Span[]
  readonly test: Span
  readonly best: { readonly params: ParameterPoint; readonly score: number } | null
  readonly train_metrics: Metrics | null
  readonly test_metrics: Metrics | null
  /** Why there is no test, where there is none. */
  readonly error: string | null
  readonly plateau: Plateau | null
  readonly trials: readonly TrialRow[]
}

/** Plain JSON; the same search over the same data by the same code gives the same bytes. */
export type WalkForwardResult = {
  readonly strategy: string
  readonly data: string
  readonly code: string
  readonly seed: number
  readonly objective: Objective
  readonly parameters: readonly { readonly key: string; readonly values: number }[]
  readonly windows: readonly WindowResult[]
  readonly out_of_sample: {
    readonly performance: Performance
    readonly equity: readonly EquityPoint[]
    readonly trades: readonly ClosedTrade[]
    readonly monte_carlo: MonteCarlo | null
  } | null
  readonly stability: Stability
  /** Profit a day out of sample over profit a day in training; null where training made nothing. */
  readonly efficiency: number | null
  readonly trials: {
    /** Different settings; what the deflated Sharpe ratio is deflated by. */
    readonly settings: number
    readonly run: number
    readonly failed: number
  }
  readonly verdict: Verdict
}

export type WalkForwardTask = {
  readonly study: TrialStudy
  readonly axes: readonly Axis[]
  readonly points: readonly Places[]
  readonly windows: readonly WalkWindow[]
  readonly objective: Objective
  readonly run: RunTrial
  readonly onTrial?: (row: TrialRow) => void
}

type Done = {
  readonly result: WindowResult
  readonly places: Places | null
  readonly run: TestRun | null
}

const startOf = ({ trading }: TrialStudy): number => Number(trading.execution.starting_balance)

const errorOf = ({ best, trials }: Searched, test: TrialOutcome | null): string | null => {
  if (test?.status === 'failed') return `${test.code}: ${test.message}`
  if (best !== null) return null
  const failed = trials.filter(({ error }) => error !== null)
  const first = failed[0]?.error
  return first === undefined || first === null
    ? 'no trial had a score: the figure is unknown for all of them, or their trades are too few'
    : `no trial had a score; ${failed.length} of ${trials.length} failed, the first with ${first.code}: ${first.message}`
}

const runWindow = async (task: WalkForwardTask, window: WalkWindow): Promise<Done> => {
  const { study, run } = task
  const searched = await searchSpans({ ...task, spans: window.train })
  const { best, trials, plateau } = searched
  const test =
    best === null
      ? null
      : await run({ v: 1, study, params: best.params, spans: [window.test], role: 'test' })
  const done = test?.status === 'done' ? test : null
  return {
    places: best?.places ?? null,
    run:
      done === null
        ? null
        : {
            span: window.test,
            // A search may turn the balance too; what a test made is told in shares of its own.
            startingBalance: done.metrics['starting_balance'] ?? startOf(study),
            trades: done.trades ?? [],
            equity: done.equity ?? [],
          },
    result: {
      ...window,
      best: best === null ? null : { params: best.params, score: best.score },
      train_metrics: best?.metrics ?? null,
      test_metrics: done?.metrics ?? null,
      error: errorOf(searched, test),
      plateau,
      trials,
    },
  }
}

const lengthOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0)

/** Of the windows that were tested: sums over sums, so that one short lucky window does not rule. */
const efficiencyOf = (windows: readonly WindowResult[]): number | null => {
  let [inProfit, inTime, outProfit, outTime] = [0, 0, 0, 0]
  for (const { train, test, train_metrics: before, test_metrics: after } of windows) {
    if (before === null || after === null) continue
    inProfit += before['net_profit'] ?? 0
    inTime += lengthOf(train)
    outProfit += after['net_profit'] ?? 0
    outTime += test.to - test.from
  }
  return inProfit > 0 ? outProfit / outTime / (inProfit / inTime) : null
}

const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length === 0 ? null : (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
}

/** Mean over windows of the variance among settings: windows differ by their market, not by choice. */
const trialsVariance = (windows: readonly WindowResult[]): number | null => {
  const known = windows
    .map(({ trials }) => varianceOfTrials(trials.map(({ sharpe }) => sharpe)))
    .filter((variance) => variance !== null)
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length
}

const outOfSample = (
  runs: readonly TestRun[],
  { study, points }: WalkForwardTask,
  windows: readonly WindowResult[],
): WalkForwardResult['out_of_sample'] => {
  if (runs.length === 0) return null
  const stitched = stitchTests(runs)
  const variance = trialsVariance(windows)
  const returns = tradeReturns(
    stitched.trades.map(({ net_pnl }) => net_pnl),
    stitched.starting_balance,
  )
  return {
    performance: performanceOf(stitched, {
      ...study.rules,
      trials: points.length,
      ...(variance === null ? {} : { trialsVariance: variance }),
    }),
    equity: stitched.equity,
    trades: stitched.trades,
    monte_carlo:
      returns === null ? null : monteCarlo(returns, { seed: study.seed, mode: 'shuffle' }),
  }
}

/**
 * Walk-forward analysis (S3 §12.4): in each window all points are tried on the training part, the best one
 * on the test part. What counts is the tests, stitched together. Rejects only when trials cannot be run.
 */
export const runWalkForward = async (task: WalkForwardTask): Promise<WalkForwardResult> => {
  const { study, axes, points, objective } = task
  let ran = 0
  let failed = 0
  const onTrial = (row: TrialRow): void => {
    ran += 1
    if (row.error !== null) failed += 1
    task.onTrial?.(row)
  }
  if (points.length === 0 || task.windows.length === 0) {
    throw new TapedeckError('VALIDATION_FAILED', 'there is nothing to try: no points or no windows')
  }
  const done = await Promise.all(
    task.windows.map(async (window) => await runWindow({ ...task, onTrial }, window)),
  )
  const windows = done.map(({ result }) => result)
  const runs = done.map(({ run }) => run).filter((run) => run !== null)
  const stability = stabilityOf(
    axes,
    done.map(({ places }) => places).filter((places) => places !== null),
  )
  const oos = outOfSample(runs, task, windows)
  const efficiency = efficiencyOf(windows)
  return {
    strategy: study.strategy,
    data: study.data.fingerprint,
    code: study.code,
    seed: study.seed,
    objective,
    parameters: axes.map(({ key, size }) => ({ key, values: size })),
    windows,
    out_of_sample: oos,
    stability,
    efficiency,
    trials: { settings: points.length, run: ran, failed },
    verdict: verdictOf({
      trades: oos?.performance.trades.trades ?? 0,
      windows: windows.length,
      windowsWithoutBest: windows.filter(({ best }) => best === null).length,
      profitableWindows: windows.filter((one) => (one.test_metrics?.['net_profit'] ?? 0) > 0)
        .length,
      netProfit: oos?.performance.net_profit ?? 0,
      sharpe: oos?.performance.returns.sharpe ?? null,
      deflatedSharpe: oos?.performance.confidence?.deflated_sharpe ?? null,
      efficiency,
      stability: stability.score,
      plateau: median(
        windows.map(({ plateau }) => plateau?.kept ?? null).filter((k) => k !== null),
      ),
    }),
  }
}
