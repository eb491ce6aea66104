/**
 * What every decider does with messages and with its own state.
 *
 * Entry points: `isOneOf` (what a decider listens to), `copyJson` (snapshots). Invariants: pure.
 */
export { copyJson, isOneOf } from './message.ts'
