/**
 * Parity: a recorded session against a backtest of the same period.
 *
 * Entry point: `compareSessions`. Invariants: both sides come from the same deciders; the parts of a gap
 * add up to it exactly, each amount standing in one of them; what has no counterpart is listed with the reason.
 */
export { compareSessions, type ParityOptions } from './compare-sessions.ts'
export {
  PARTS,
  type DataDifference,
  type Outcome,
  type ParityReport,
  type ParitySide,
  type Part,
  type Parts,
  type TradeParity,
} from './parity-report.ts'
