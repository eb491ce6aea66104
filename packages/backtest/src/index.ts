/**
 * The core alone over files: backtests, look-ahead proofs, walk-forward, verification and parity.
 *
 * Every rule is the core's own; this package reads tapes, feeds deciders in the order of lockstep, and
 * counts what comes out.
 */
export type { BacktestResult, DataGap, DataLimit } from './result/backtest-result.ts'
export {
  tapeOf,
  tapeOfEvents,
  type EventChunk,
  type OrderedEvent,
  type TapeReader,
  type TimeRange,
  type TradeChunk,
  type TradeColumnsInput,
} from './tape/index.ts'
export {
  damageText,
  listArchiveRuns,
  readArchiveRun,
  recordedConfigs,
  type ArchiveDamage,
  type ArchivePlace,
  type ArchiveRun,
  type ArchivedMessage,
  type DamageKind,
  type ReadArchiveOptions,
  type RecordedConfig,
} from './archive/index.ts'
export {
  Brain,
  ORDER_FLOW,
  Play,
  TapeMessage,
  feedTape,
  runBacktest,
  toClosedTrade,
  type BacktestOptions,
  type BacktestProgress,
  type BrainOptions,
  type FeedSink,
  type Listener,
  type PlayOptions,
} from './engine/index.ts'
export {
  BarColumns,
  openBarFiles,
  runBarBacktest,
  type BarBacktestOptions,
  type BarFilesOptions,
  type BarPath,
  type BarSeries,
  type BarSet,
  type StrategyRecord,
} from './bars/index.ts'
export {
  buildReport,
  collectContext,
  writeReport,
  type BacktestContext,
  type Report,
  type ReportOptions,
  type TradeContext,
  type WriteReportOptions,
  type WrittenReport,
} from './report/index.ts'
