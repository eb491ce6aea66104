import type { SharpeSample } from '@tapedeck/core'
import { scoreOf, type Metrics, type Objective } from './objective.ts'
import {
  neighborsOf,
  pointAt,
  type Axis,
  type ParameterPoint,
  type Places,
} from './parameter-space.ts'
import type { RunTrial, TrialOutcome, TrialStudy } from './trial-job.ts'
import type { Span } from './windows.ts'

/** A trial as the result keeps it. */
export type TrialRow = {
  readonly params: ParameterPoint
  /** More is better; null where the trial failed, has no such figure or too few trades. */
  readonly score: number | null
  readonly trades: number | null
  readonly net_profit: number | null
  /** Of one period, not annualized. */
  readonly sharpe: SharpeSample['sharpe'] | null
  readonly max_drawdown: number | null
  readonly purged: number
  readonly error: { readonly code: string; readonly message: string } | null
}

/** How good the optimum's surroundings are: a peak that stands alone is luck. */
export type Plateau = {
  readonly neighbors: number
  /** Neighbors without a score: failed, or too few trades. */
  readonly unscored: number
  readonly mean_score: number | null
  readonly worst_score: number | null
  /** Mean of the neighbors over the optimum; null unless the optimum is above 0 and all have a score. */
  readonly kept: number | null
}

export type Searched = {
  readonly best: {
    readonly params: ParameterPoint
    readonly places: Places
    readonly score: number
    readonly metrics: Metrics
  } | null
  readonly trials: readonly TrialRow[]
  readonly plateau: Plateau | null
}

export type SearchTask = {
  readonly study: TrialStudy
  readonly axes: readonly Axis[]
  readonly points: readonly Places[]
  readonly spans: readonly Span[]
  readonly objective: Objective
  readonly run: RunTrial
  /** Told of each trial; the score is null where there is none. */
  readonly onTrial?: (row: TrialRow) => void
}

const rowOf = (params: ParameterPoint, outcome: TrialOutcome, objective: Objective): TrialRow => {
  const metrics: Metrics = outcome.status === 'done' ? outcome.metrics : {}
  const figure = (name: string): number | null => metrics[name] ?? null
  return {
    params,
    score: scoreOf(metrics, objective),
    trades: figure('trades.trades'),
    net_profit: figure('net_profit'),
    sharpe: figure('confidence.sharpe_per_period'),
    max_drawdown: figure('deepest_drawdown.fraction'),
    purged: outcome.status === 'done' ? outcome.purged : 0,
    error: outcome.status === 'done' ? null : { code: outcome.code, message: outcome.message },
  }
}

const plateauOf = (best: number, scores: readonly (number | null)[]): Plateau => {
  const known = scores.filter((score) => score !== null)
  const mean =
    known.length === 0 ? null : known.reduce((sum, score) => sum + score, 0) / known.length
  const isWhole = known.length === scores.length && mean !== null
  return {
    neighbors: scores.length,
    unscored: scores.length - known.length,
    mean_score: mean,
    worst_score: known.length === 0 ? null : Math.min(...known),
    kept: isWhole && best > 0 ? mean / best : null,
  }
}

/**
 * Tries all points on the spans, chooses the best (the earliest of equals), and looks at its neighbors:
 * those that were not tried are tried too, but cannot be chosen.
 */
export const searchSpans = async (task: SearchTask): Promise<Searched> => {
  const { study, axes, points, spans, objective, run, onTrial } = task
  const tried = new Map<string, { row: TrialRow; metrics: Metrics }>()
  const attempt = async (places: Places): Promise<{ row: TrialRow; metrics: Metrics }> => {
    const params = pointAt(axes, places)
    const outcome = await run({ v: 1, study, params, spans, role: 'train' })
    const row = rowOf(params, outcome, objective)
    onTrial?.(row)
    const made = { row, metrics: outcome.status === 'done' ? outcome.metrics : {} }
    tried.set(places.join(','), made)
    return made
  }
  const all = await Promise.all(points.map(attempt))
  let at = -1
  for (const [i, { row }] of all.entries()) {
    if (row.score !== null && (at < 0 || row.score > all[at]!.row.score!)) at = i
  }
  const trials = all.map(({ row }) => row)
  if (at < 0) return { best: null, trials, plateau: null }
  const places = points[at]!
  const around = await Promise.all(
    neighborsOf(axes, places).map(
      async (near) => tried.get(near.join(',')) ?? (await attempt(near)),
    ),
  )
  const { row, metrics } = all[at]!
  return {
    best: { params: row.params, places, score: row.score!, metrics },
    trials,
    plateau: plateauOf(
      row.score!,
      around.map(({ row: near }) => near.score),
    ),
  }
}
