/**
 * Statistics of trades and equity: what a series of results is worth, and how sure one can be of it.
 *
 * Entry points: `performanceOf` (all that is counted without chance), `bootstrapIndependent` and
 * `bootstrapSeries` (intervals), `monteCarlo` (other orders of the same trades), `deflatedSharpe` (what
 * is left after choosing among trials).
 * Invariants: pure functions of their arguments; randomness only from a seed; what cannot be known
 * (a ratio without variance, a mean of nothing) is null, never 0 or NaN.
 */
export type { ReturnConfidence } from './assess-returns.ts'
export {
  bootstrapIndependent,
  bootstrapSeries,
  defaultBlock,
  type BootstrapOptions,
  type Interval,
  type Statistic,
} from './bootstrap.ts'
export type { ClosedTrade, EquityPoint } from './closed-trade.ts'
export { drawdownsOf, type Drawdown } from './drawdown.ts'
export { mean, sampleDeviation } from './moments.ts'
export {
  monteCarlo,
  tradeReturns,
  type MonteCarlo,
  type MonteCarloOptions,
  type Spread,
} from './monte-carlo.ts'
export { normalCdf, normalQuantile } from './normal.ts'
export {
  performanceOf,
  wholeCurve,
  type Performance,
  type PerformanceOptions,
  type Performed,
  type ReturnRatios,
} from './performance.ts'
export {
  countedReturns,
  periodicReturns,
  type PeriodReturn,
  type PeriodRules,
} from './periodic-returns.ts'
export { distributionOf, quantileOfSorted, type Bin, type Distribution } from './quantile.ts'
export { annualGrowth, sharpeRatio, sortinoRatio } from './ratios.ts'
export {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSampleOf,
  varianceOfTrials,
  type SharpeSample,
} from './sharpe-confidence.ts'
export {
  GROUPINGS,
  groupTrades,
  inExitOrder,
  summarizeTrades,
  type Excursions,
  type Grouping,
  type TradeGroup,
  type TradeSummary,
} from './summarize-trades.ts'
