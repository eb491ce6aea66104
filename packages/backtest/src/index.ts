/**
 * The core alone over files: backtests, look-ahead proofs, walk-forward, verification and parity.
 *
 * Every rule is the core's own; this package reads tapes, feeds deciders in the order of lockstep, and
 * counts what comes out.
 */
export type { BacktestResult, DataGap, DataLimit } from './result/backtest-result.ts'
export {
  FolderTape,
  TapeWriter,
  openTape,
  tapeOf,
  tapeOfEvents,
  type EventChunk,
  type OrderedEvent,
  type TapeBatch,
  type TapeFile,
  type TapeGap,
  type TapeLane,
  type TapeManifest,
  type TapeReader,
  type TapeWriterOptions,
  type TimeRange,
  type TradeChunk,
  type TradeColumnsInput,
  type TradeRows,
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
export {
  verdictOf,
  verifyRun,
  type Difference,
  type MessageRef,
  type ProducerDifference,
  type RunReport,
  type TypeCount,
  type UncheckedReason,
  type Verdict,
  type VerifiedMessage,
  type VerifyOptions,
  type VerifyReport,
} from './verify/index.ts'
