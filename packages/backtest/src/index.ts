/**
 * The core alone over files: backtests, look-ahead proofs, walk-forward, verification and parity.
 *
 * Every rule is the core's own; this package reads tapes, feeds deciders in the order of lockstep, and
 * counts what comes out.
 */
export type { BacktestResult, DataGap, DataLimit } from './result/backtest-result.ts'
export type { EventChunk, TapeReader, TimeRange, TradeChunk } from './tape/tape-chunk.ts'
