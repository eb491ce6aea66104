/**
 * A recorded session against a backtest of the same period. Entry point: `runParity`. Invariant: no server
 * is started, nothing is written.
 */
export { runParity, type ParityCommand } from './run-parity.ts'
