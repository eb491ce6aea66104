/**
 * Verification: what was recorded is computed again by today's core and compared
 * (docs/decisions/0012-verification.md).
 *
 * Entry points: `verifyRun` (a run of the archive to a report), `verdictOf`; `verifyDecisions` (decisions
 * that hold their own inputs).
 * Invariants: the deciders are the services' own; nothing is repaired or guessed; what could not be
 * compared is counted with the reason.
 */
export { firstDifference, type ValueDifference } from './first-difference.ts'
export {
  verdictOf,
  type Difference,
  type MessageRef,
  type ProducerDifference,
  type RunReport,
  type TypeCount,
  type UncheckedReason,
  type Verdict,
  type VerifiedMessage,
  type VerifyReport,
} from './verify-report.ts'
export { verifyRun, type VerifyRunOptions } from './verify-run.ts'
export {
  verifyDecisions,
  type DecisionDifference,
  type DecisionsReport,
} from './verify-decisions.ts'
