/**
 * Setups: is there a trade worth proposing at this bar close?
 *
 * Entry points: `createSetupDecider` (messages in, outputs out); `evaluateTrend` and
 * `evaluateReversion` (one strategy, one side, one set of features), which the backtester calls
 * through the decider too. Invariants: setups of order flow read nothing but `orderflow.features` and
 * execution's lifecycle, setup events nothing but closed bars; a side is judged even when a filter fails, so near misses keep their reasons; prices of
 * signals lie on the tick grid and never change afterwards.
 */
export { biasOf, isBiasBroken, type Bias } from './bias.ts'
export { isAlreadySignalled, type GivenSignal } from './cooldown.ts'
export { checkedBoxes, type Evaluation } from './evaluation.ts'
export { exitsProblem, reversionExits, trendExits, type Exits } from './exits.ts'
export { followThroughBox } from './follow-through.ts'
export { gradeOf, gradeRank } from './grade.ts'
export { evaluateReversion, isInWindow, stretchOf, type Stretch } from './mean-reversion.ts'
export { confirmsContinuation, confirmsReversion } from './micro-confirmation.ts'
export { exhaustion, supportingOrderFlow } from './order-flow-evidence.ts'
export {
  nearestPointOfInterest,
  pointsOfInterest,
  type PointOfInterest,
} from './points-of-interest.ts'
export {
  SETUP_INPUTS,
  createSetupDecider,
  setupId,
  type SetupDeciderConfig,
} from './setup-decider.ts'
export { TrackedSetups, type SetupLink, type SetupModel } from './tracked-setups.ts'
export { evaluateTrend, type BiasState } from './trend-continuation.ts'
