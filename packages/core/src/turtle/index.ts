/**
 * The turtle (S1): breakouts of days, units of N, pyramids, stops and limits, each decision with everything
 * that it was made from.
 *
 * Entry points: `turtle` (a strategy on bars), `recomputeTurtleEvent` (an audit event from its own
 * inputs). Invariants: decisions are made by the functions of `formulas.ts` and `decisions.ts` alone;
 * channels exclude the day at hand; units are floored and never exceed a limit; stops only tighten.
 */
export { turtle } from './definition.ts'
export { recomputeTurtleEvent, type TurtleDifference } from './recompute.ts'
export {
  TURTLE_OUTCOMES,
  type TurtleEvent,
  type TurtleEventType,
  type TurtleOutcome,
} from './turtle-event.ts'
