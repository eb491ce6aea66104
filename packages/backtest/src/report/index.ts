/**
 * A backtest's result for people and programs: `report.markup`, one page that needs no network, and `metrics.json`.
 *
 * Entry points: `writeReport`, `buildReport` (figures alone), `collectContext` (market data around trades, for
 * pictures). Invariants: equal results and options give equal files; what comes from data is escaped; SVG is
 * made here by a few small functions, because chart libraries want a browser and bring more than they save.
 */
export { buildReport, type Intervals, type Report, type ReportOptions } from './build-report.ts'
export { collectContext } from './collect-context.ts'
export { parseContext, parseResult } from './read-result.ts'
export { renderReport } from './render-report.ts'
export type { BacktestContext, ContextBar, TradeContext } from './trade-context.ts'
export { writeReport, type WriteReportOptions, type WrittenReport } from './write-report.ts'
