/**
 * The backtest engine: the services' own deciders in one process, over a tape (docs/decisions/0009-one-brain.md).
 *
 * Entry points: `runBacktest` (a tape to a result), `Play` (market events through the brain), `Brain` (the
 * deciders in the order of lockstep). Invariants: the same market under the same configuration makes the
 * same messages as a lockstep replay through the services; nothing is decided here.
 */
export { Brain, type BrainOptions, type Listener } from './brain.ts'
export { Play, type PlayOptions } from './play.ts'
export {
  ORDER_FLOW,
  runBacktest,
  type BacktestOptions,
  type BacktestProgress,
} from './run-backtest.ts'
export { toClosedTrade } from './collect-result.ts'
export { feedTape, type FeedSink } from './tape-feed.ts'
export { TapeMessage } from './tape-message.ts'
