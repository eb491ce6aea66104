/**
 * The brain: pure, synchronous, deterministic. Folders are the nouns of the trade; each folder's
 * `index.ts` says what it is for. Time is an input; state lives in deciders (`decider.ts`).
 */
export { type Decider, type DeciderFactory, type Json } from './decider.ts'
export {
  BarBuilder,
  decimalToSteps,
  fromSteps,
  openTimeOf,
  parseStep,
  stepsToDecimal,
  type BarBuilderOptions,
  type OpenBar,
  type Step,
} from './market/index.ts'
export { BookSync, OrderBook, type DepthIds, type SyncResult } from './order-book/index.ts'
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
