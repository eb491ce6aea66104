/**
 * Setup events: compression, break attempt, outcome - the record that models are trained on.
 *
 * Entry points: `createSetupEventTracker` (closed bars in, frozen events out), `createSetupOutcomeTracker`
 * (events and bars in, labels out), `askScorer`, `isEntryBlocked`, `sizeMultiplier` (what a model may do).
 * Invariants: nothing looks ahead; an event never changes once it is made; each break attempt gets at most
 * one outcome; ids are derived, so that seeing the same bars again makes the same events.
 */
export {
  createSetupEventTracker,
  type SetupEventTracker,
  type SetupEventTrackerOptions,
} from './setup-event-tracker.ts'
export type { WatchResult } from './instrument-watch.ts'
export {
  IDLE,
  isCompressed,
  stepMachine,
  type MachineRules,
  type MachineState,
  type SetupTransition,
} from './setup-machine.ts'
export { setupChainId, setupEventId, type ChainName } from './setup-id.ts'
export { breakDirection, setupLevels, type LockedRange, type SetupLevels } from './setup-levels.ts'
export { sessionContextAt } from './session-context.ts'
export {
  NO_SCORE,
  askScorer,
  isEntryBlocked,
  nullScorer,
  sizeMultiplier,
  type ModelScorer,
  type Scoring,
  type SizeCurve,
} from './model-scorer.ts'
export { createSetupOutcomeTracker, type SetupOutcomeTracker } from './setup-outcome-tracker.ts'
