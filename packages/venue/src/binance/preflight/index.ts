/**
 * What could be wrong with trading at a venue, said before anything is traded there.
 *
 * Entry points: `runPreflight`. Invariants: nothing is placed, canceled or set; each finding that is not good
 * says what to do; no finding has a key in it.
 */
export type { PreflightFinding } from './finding.ts'
export { runPreflight } from './preflight.ts'
export type { PreflightOptions, PreflightPlan } from './preflight-options.ts'
