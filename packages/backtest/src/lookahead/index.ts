/**
 * Proof that nothing knows the future: data is played again with everything after a moment replaced by garbage, and
 * all that was said up to that moment has to stay, byte for byte (docs/research/look-ahead.md).
 *
 * Entry points: `findLookahead` with a material (`tapeMaterial`, `barMaterial`) and a subject (`brainSubject`,
 * `orderFlowSubject`, `barSubject`). Invariants: every play starts from nothing; the same seed makes the same cuts
 * and the same garbage; a subject that is not repeatable is told apart from one that looks ahead.
 */
export { barSubject, type BarSubjectOptions } from './bar-subject.ts'
export { CONCLUSIONS, brainSubject } from './brain-subject.ts'
export {
  findLookahead,
  type Finding,
  type LookaheadOptions,
  type LookaheadReport,
} from './find-lookahead.ts'
export { orderFlowSubject } from './order-flow-subject.ts'
export { barMaterial } from './poison-bars.ts'
export { tapeMaterial } from './poison-tape.ts'
export {
  POISONS,
  POISON_NAMES,
  type Cut,
  type Hear,
  type Material,
  type Poison,
  type Subject,
} from './subject.ts'
export type { TapeCut } from './tape-cut.ts'
