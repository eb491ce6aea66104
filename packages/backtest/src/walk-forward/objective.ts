import { TapedeckError } from '@tapedeck/contracts'
import { performanceOf, type ClosedTrade, type Performance } from '@tapedeck/core'

/** Figures of a performance by their dotted names; what is not known is null. */
export type Metrics = Readonly<Record<string, number | null>>

/** Told per group or per drawdown, not as one figure; or bounds of the run itself. */
const NOT_FIGURES = new Set(['groups', 'drawdowns', 'from', 'to', 'confidence.trials'])

const collect = (value: unknown, name: string, into: Record<string, number | null>): void => {
  if (NOT_FIGURES.has(name)) return
  if (typeof value === 'number') into[name] = Number.isFinite(value) ? value : null
  else if (value === null) into[name] = null
  else if (typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) {
      collect(inner, name === '' ? key : `${name}.${key}`, into)
    }
  }
}

/** Every single figure of a performance, named by its path: `returns.sharpe`, `trades.profit_factor`. */
export const metricsOf = (performance: Performance): Metrics => {
  const metrics: Record<string, number | null> = {}
  collect(performance, '', metrics)
  return metrics
}

const sampleTrade = (index: number, net: number): ClosedTrade => ({
  trade_id: String(index),
  symbol: 'X',
  strategy: 'x',
  side: 'LONG',
  grade: null,
  exit_reason: 'x',
  session: '1970-01-01',
  entered_at: index * 86_400_000,
  exited_at: index * 86_400_000 + 1,
  quantity: 1,
  entry_price: 1,
  exit_price: 1,
  fees: 0,
  funding: 0,
  net_pnl: net,
  r: net,
  mae_r: -1,
  mfe_r: 1,
})

/** Figures that say when or how much was looked at, not how good it was. */
const NOT_GOALS =
  /_at$|_equity$|starting_balance$|returns\.period|risk_free_rate$|\.(count|unknown|known_r)$/

/** The names of what can be a goal, from a performance in which everything is known. */
export const METRIC_NAMES: readonly string[] = (() => {
  const nets = [1, -2, 3, -1, 2]
  let equity = 100
  const performance = performanceOf({
    from: 0,
    to: 40 * 86_400_000,
    starting_balance: 100,
    trades: nets.map((net, i) => sampleTrade(i, net)),
    equity: nets.map((net, i) => ({ at: i * 86_400_000 + 1, equity: (equity += net) })),
  })
  return Object.keys(metricsOf(performance)).filter((name) => !NOT_GOALS.test(name))
})()

/** Figures of which less is better. */
const LESS_IS_BETTER =
  /drawdown\.(amount|fraction|duration_ms|underwater_ms)$|volatility$|losing_streak$|\.fees$|fee_share$|funding_share$|minimum_track_record$/

export type Objective = {
  readonly metric: string
  readonly direction: 'maximize' | 'minimize'
  /** A trial with fewer trades is not chosen. */
  readonly minTrades: number
}

/**
 * The objective that a name stands for: a whole path, or its end where only one path ends so (`sharpe`,
 * `profit_factor`; `max_drawdown` is the deepest one's share). Throws VALIDATION_FAILED with the names.
 */
export const objectiveOf = (name: string, minTrades: number): Objective => {
  if (!Number.isSafeInteger(minTrades) || minTrades < 0) {
    throw new TapedeckError('VALIDATION_FAILED', `min trades is ${minTrades}; expected 0 or more`)
  }
  const wanted = name === 'max_drawdown' ? 'deepest_drawdown.fraction' : name
  const exact = METRIC_NAMES.filter((metric) => metric === wanted)
  const ending = METRIC_NAMES.filter((metric) => metric.endsWith(`.${wanted}`))
  const [metric, other] = exact.length > 0 ? exact : ending
  if (metric === undefined || other !== undefined) {
    const known = other === undefined ? METRIC_NAMES : ending
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `objective is ${JSON.stringify(name)}; expected one of ${known.join(', ')}`,
      { hint: 'E.g. --objective sharpe, calmar or profit_factor.' },
    )
  }
  return { metric, direction: LESS_IS_BETTER.test(metric) ? 'minimize' : 'maximize', minTrades }
}

/** A score of which more is better; null when it is not known or the trades are too few. */
export const scoreOf = (
  metrics: Metrics,
  { metric, direction, minTrades }: Objective,
): number | null => {
  const value = metrics[metric] ?? null
  if (value === null || !Number.isFinite(value)) return null
  if ((metrics['trades.trades'] ?? 0) < minTrades) return null
  return direction === 'maximize' ? value : 0 - value
}
