/**
 * Strategies over bars: the core's strategies and fill model on klines, without order flow.
 *
 * Entry points: `openBarFiles` (files to columns), `loadStrategy` (names and
 * modules), `runBarBacktest`. Invariants: a strategy sees
 * closed bars alone; every fill is the matching engine's; the result says what bars cannot show.
 */
export { BarColumns, type BarSeries, type BarSet } from './bar-series.ts'
export { loadStrategy } from './load-strategy.ts'
export { generatedBars, type GeneratedBarsOptions } from './generated-bars.ts'
export { openBarFiles, type BarFilesOptions } from './open-bar-files.ts'
export { runBarBacktest, type BarBacktestOptions, type StrategyRecord } from './run-bar-backtest.ts'
export type { BarPath } from './bar-path.ts'
