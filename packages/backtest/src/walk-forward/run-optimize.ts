import { deflatedSharpe, varianceOfTrials } from '@tapedeck/core'
import type { Metrics, Objective } from './objective.ts'
import type { ParameterPoint } from './parameter-space.ts'
import { searchSpans, type Plateau, type SearchTask, type TrialRow } from './search-window.ts'
import type { Span } from './windows.ts'

/** Plain JSON; the same search over the same data by the same code gives the same bytes. */
export type OptimizeResult = {
  readonly strategy: string
  readonly data: string
  readonly code: string
  readonly seed: number
  readonly objective: Objective
  readonly range: Span
  readonly best: {
    readonly params: ParameterPoint
    readonly score: number
    readonly metrics: Metrics
    /** Probability that its Sharpe ratio is above 0 after so many were tried; null when not known. */
    readonly deflated_sharpe: number | null
  } | null
  readonly plateau: Plateau | null
  readonly trials: readonly TrialRow[]
}

/** Deflates the chosen trial by the others (Bailey and Lopez de Prado, 2014). */
const deflated = (metrics: Metrics, trials: readonly TrialRow[]): number | null => {
  const variance = varianceOfTrials(trials.map(({ sharpe }) => sharpe))
  const figure = (name: string): number | null => metrics[`confidence.${name}`] ?? null
  const sharpe = figure('sharpe_per_period')
  const skewness = figure('skewness')
  const kurtosis = figure('kurtosis')
  const count = metrics['returns.periods'] ?? null
  if (variance === null || sharpe === null || skewness === null) return null
  if (kurtosis === null || count === null) return null
  return deflatedSharpe({ sharpe, skewness, kurtosis, count }, trials.length, variance)
}

/** Tries all points on the whole range. What is best here is best in hindsight; walk-forward says what it is worth. */
export const runOptimize = async (
  task: Omit<SearchTask, 'spans'> & { readonly range: Span },
): Promise<OptimizeResult> => {
  const { study, objective, range } = task
  const { best, plateau, trials } = await searchSpans({ ...task, spans: [range] })
  return {
    strategy: study.strategy,
    data: study.data.fingerprint,
    code: study.code,
    seed: study.seed,
    objective,
    range,
    best:
      best === null
        ? null
        : {
            params: best.params,
            score: best.score,
            metrics: best.metrics,
            deflated_sharpe: deflated(best.metrics, trials),
          },
    plateau,
    trials,
  }
}
