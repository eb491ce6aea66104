/**
 * Recorded decisions computed again by today's core. Entry points: `runVerify`, and `findRuns` for whoever
 * needs a run of the archive. Invariant: no server is started, nothing is written.
 */
export { findRuns, scopeOf, type ArchivePlaces, type RunScope } from './find-runs.ts'
export { runVerifyDecisions } from './run-verify-decisions.ts'
export { runVerify, type VerifyCommand } from './run-verify.ts'
