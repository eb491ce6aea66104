/**
 * The backtest engine: the services' own deciders in one process, over a tape (docs/decisions/0009-one-brain.md).
 *
 * Entry points: `runBacktest` (tapes to a result), `runMarketBacktest` (the same over any source), `Play` (market events through the brain), `Brain` (the
 * deciders in the order of lockstep). Invariants: the same market under the same configuration makes the
 * same messages as a lockstep replay through the services; nothing is decided here.
 */
export { Brain, type BrainOptions, type Listener } from './brain.ts'
export { Play, type PlayOptions } from './play.ts'
export {
  ORDER_FLOW,
  runBacktest,
  runMarketBacktest,
  type BacktestOptions,
  type BacktestProgress,
  type MarketBacktestOptions,
} from './run-backtest.ts'
export {
  marketOfEvents,
  marketOfTapes,
  type EventMarket,
  type MarketSource,
} from './market-source.ts'
export { toClosedTrade } from './collect-result.ts'
export type { FeedSink } from './stream-cursor.ts'
export { feedTape, feedTapes } from './tape-feed.ts'
export { TapeMessage } from './tape-message.ts'
