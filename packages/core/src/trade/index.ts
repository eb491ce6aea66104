/**
 * Trades: from an approval to closed books. Execution's brain.
 *
 * Entry points: `createExecutionDecider` (the service's decider, paper venue inside), `checkApproval`
 * (may it be carried out), `planTrade` (what a trade needs of the venue now), `stop-rules` (break-even,
 * trailing, invalidation), `closeTrade` (what it made). Invariants: whatever is open has an acknowledged
 * stop within the bound or is being closed; exits are reduce-only and never exceed the position; a stop
 * only ever comes nearer, and the new one stands before the old one goes; how prints were batched
 * changes nothing.
 */
export { createExecutionDecider } from './execution-decider.ts'
export {
  openIntents,
  venueSnapshot,
  type ExecutionDecider,
  type ExecutionDeciderConfig,
  type OpenIntent,
} from './execution-decider-port.ts'
export {
  checkApproval,
  type ApprovalCheck,
  type ApprovalContext,
  type ApprovalRefusal,
  type ApprovedSteps,
} from './check-approval.ts'
export { planTrade, type TradeAction } from './plan-trade.ts'
export {
  breakEvenStop,
  breakEvenTicks,
  excursionsInR,
  isInvalidated,
  progressInR,
  riskTicks,
  trailingStop,
} from './stop-rules.ts'
export { closeTrade } from './close-trade.ts'
export { openLots, startTrade, toTrade, type StopBasis, type TradeRecord } from './trade-record.ts'
