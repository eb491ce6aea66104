/**
 * Backtests from the command line: the order-flow brain over tapes and recordings, strategies over bars.
 *
 * Entry point: `runBacktestCommand`. Invariants: nothing that exists is overwritten without being told to;
 * what was made before damage or a stop is written all the same.
 */
export { runBacktestCommand, type BacktestCommand } from './run-backtest-command.ts'
