import { assessReturns, type ReturnConfidence } from './assess-returns.ts'
import type { ClosedTrade, EquityPoint } from './closed-trade.ts'
import {
  costliestDrawdown,
  deepestDrawdown,
  drawdownsOf,
  longestDrawdown,
  type Drawdown,
} from './drawdown.ts'
import { timeInMarket } from './exposure.ts'
import { sampleDeviation } from './moments.ts'
import {
  checkEquity,
  countedReturns,
  periodicReturns,
  settledRules,
  type PeriodRules,
} from './periodic-returns.ts'
import { annualGrowth, sharpeRatio, sortinoRatio } from './ratios.ts'
import {
  excursionsOf,
  groupTrades,
  summarizeTrades,
  type Excursions,
  type Grouping,
  type TradeGroup,
  type TradeSummary,
} from './summarize-trades.ts'

/** What `performanceOf` reads: a backtest's result, or anything else with trades and equity. */
export type Performed = {
  readonly from: number
  readonly to: number
  readonly starting_balance: number
  readonly trades: readonly ClosedTrade[]
  /** Sorted by time. An empty one counts as the starting balance all the way. */
  readonly equity: readonly EquityPoint[]
}

export type PerformanceOptions = PeriodRules & {
  /** Drawdowns to list, deepest first. Default 5. */
  readonly drawdowns?: number
  /** How many strategies or settings were tried before this one was chosen; 1 when it was the only one. */
  readonly trials?: number
  /** Sample variance of the trials' Sharpe ratios of one period; without it there is no deflated Sharpe. */
  readonly trialsVariance?: number
}

/** Ratios of periodic returns. `sharpe`, `sortino`, `volatility` are annualized by the root of periods a year. */
export type ReturnRatios = {
  readonly periods: number
  readonly period_ms: number
  readonly periods_per_year: number
  readonly risk_free_rate: number
  /** Sample deviation of periodic returns, annualized. */
  readonly volatility: number | null
  readonly sharpe: number | null
  readonly sortino: number | null
  readonly best_period: number | null
  readonly worst_period: number | null
  readonly positive_periods: number | null
}

export type Performance = {
  readonly from: number
  readonly to: number
  readonly starting_balance: number
  readonly final_equity: number
  /** Final less starting equity: open positions included, as the curve has them. */
  readonly net_profit: number
  readonly total_return: number | null
  /** Compound annual growth; null below 28 days. */
  readonly cagr: number | null
  /** `cagr` over the deepest drawdown of the whole time; null without either. */
  readonly calmar: number | null
  readonly exposure: number | null
  readonly returns: ReturnRatios
  readonly deepest_drawdown: Drawdown | null
  readonly costliest_drawdown: Drawdown | null
  readonly longest_drawdown: Drawdown | null
  readonly drawdowns: readonly Drawdown[]
  readonly trades: TradeSummary
  readonly excursions: Excursions
  readonly groups: Readonly<Record<Grouping, readonly TradeGroup[]>>
  readonly confidence: ReturnConfidence | null
}

const ratiosOf = (
  returns: readonly number[] | null,
  rules: Required<PeriodRules>,
): ReturnRatios => {
  const known = returns ?? []
  const { periodMs, periodsPerYear, riskFreeRate } = rules
  const year = Math.sqrt(periodsPerYear)
  const riskFree = riskFreeRate / periodsPerYear
  const annual = (ratio: number | null): number | null => (ratio === null ? null : ratio * year)
  const any = known.length > 0
  return {
    periods: known.length,
    period_ms: periodMs,
    periods_per_year: periodsPerYear,
    risk_free_rate: riskFreeRate,
    volatility: annual(sampleDeviation(known)),
    sharpe: annual(sharpeRatio(known, riskFree)),
    sortino: annual(sortinoRatio(known, riskFree)),
    best_period: any ? known.reduce((most, value) => Math.max(most, value)) : null,
    worst_period: any ? known.reduce((least, value) => Math.min(least, value)) : null,
    positive_periods: any ? known.filter((value) => value > 0).length / known.length : null,
  }
}

const deepestFirst = (drawdowns: readonly Drawdown[], count: number): Drawdown[] =>
  drawdowns
    .toSorted(
      (a, b) => (b.fraction ?? b.amount) - (a.fraction ?? a.amount) || a.peak_at - b.peak_at,
    )
    .slice(0, count)

/** The curve with the time before its first and after its last point, where equity stood still: two points at least. */
export const wholeCurve = ({
  from,
  to,
  starting_balance,
  equity,
}: Omit<Performed, 'trades'>): EquityPoint[] => {
  const first = equity[0]
  const curve = [...equity]
  if (first === undefined || first.at > from) curve.unshift({ at: from, equity: starting_balance })
  const last = curve.at(-1)!
  if (last.at < to || curve.length === 1)
    curve.push({ at: Math.max(to, last.at), equity: last.equity })
  return curve
}

const groupsOf = (trades: readonly ClosedTrade[]): Record<Grouping, TradeGroup[]> => ({
  grade: groupTrades(trades, 'grade'),
  exit_reason: groupTrades(trades, 'exit_reason'),
  session: groupTrades(trades, 'session'),
  strategy: groupTrades(trades, 'strategy'),
  side: groupTrades(trades, 'side'),
  symbol: groupTrades(trades, 'symbol'),
})

/**
 * Everything that is counted without a random number: returns, drawdowns, trades, groups, and how sure the Sharpe
 * ratio is. Plain JSON, every figure finite or null. Throws a RangeError for a curve out of order.
 */
export const performanceOf = (result: Performed, options: PerformanceOptions = {}): Performance => {
  checkEquity(result.equity)
  const { from, to, starting_balance: start, trades } = result
  const rules = settledRules(options)
  const curve = wholeCurve(result)
  const final = curve.at(-1)!.equity
  const drawdowns = drawdownsOf(curve)
  const deepest = deepestDrawdown(drawdowns)
  const cagr = annualGrowth(start, final, to - from)
  const returns = countedReturns(periodicReturns(curve, options))
  return {
    from,
    to,
    starting_balance: start,
    final_equity: final,
    net_profit: final - start,
    total_return: start > 0 ? final / start - 1 : null,
    cagr,
    calmar: cagr === null || deepest === null || !deepest.fraction ? null : cagr / deepest.fraction,
    exposure: to > from ? timeInMarket(trades, from, to) / (to - from) : null,
    returns: ratiosOf(returns, rules),
    deepest_drawdown: deepest,
    costliest_drawdown: costliestDrawdown(drawdowns),
    longest_drawdown: longestDrawdown(drawdowns),
    drawdowns: deepestFirst(drawdowns, options.drawdowns ?? 5),
    trades: summarizeTrades(trades),
    excursions: excursionsOf(trades),
    groups: groupsOf(trades),
    confidence: returns === null ? null : assessReturns(returns, rules, options),
  }
}
