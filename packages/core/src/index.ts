/**
 * The brain: pure, synchronous, deterministic. Folders are the nouns of the trade; each folder's
 * `index.ts` says what it is for. Time is an input; state lives in deciders (`decider.ts`).
 */
export { type Decider, type DeciderFactory, type Json } from './decider.ts'
export { decimalToSteps, fromSteps, parseStep, stepsToDecimal, type Step } from './market/index.ts'
export {
  ZERO,
  dec,
  floorToStep,
  formatMoney,
  isOnStep,
  maximum,
  minimum,
  roundToStep,
  sum,
  toDecimalString,
  toMoneyString,
  toNumber,
  type Dec,
  type RoundMode,
} from './decimal/index.ts'
