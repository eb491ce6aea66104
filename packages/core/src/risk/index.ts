/**
 * Risk: may this setup be traded, in which size, and may anything be traded at all?
 *
 * Entry points: `createRiskDecider` (messages in, outputs out); `sizeOrder`, `estimateSlippage`,
 * `houseMoney`, `riskOfRuin` for display and backtests; `applyLimits` for the door that takes an
 * operator's limits. Invariants: the first failing check denies and all are reported; risk after
 * flooring never exceeds what is configured (base × grade × model × policy, then the caps); equity is what execution reports; a tripped breaker or a
 * raised session status stays until an operator or the next session; nothing is approved before the
 * account is known and the books are reconciled.
 */
export { BREAKERS, type BreakerName } from './breakers.ts'
export { houseMoney, type HouseMoney } from './house-money.ts'
export { applyLimits, flattenLimits, type Limits } from './limits.ts'
export type { ModelWord } from './model-word.ts'
export {
  gradeMultiplier,
  sizeOrder,
  sizePosition,
  type OrderSize,
  type OrderSizeInput,
  type PositionSize,
  type SizeConfig,
} from './position-size.ts'
export { RISK_INPUTS, createRiskDecider } from './risk-decider.ts'
export { riskOfRuin } from './risk-of-ruin.ts'
export type { RiskDeciderConfig } from './risk-state.ts'
export {
  drawdownFromPeak,
  drawdownFromStart,
  observeEquity,
  recordTrade,
  referenceDrawdown,
  resumeSession,
  startSession,
  stepReferenceGuard,
  type GuardedSession,
  type ReferenceGuard,
} from './session-guard.ts'
export {
  estimateSlippage,
  slippagePercent,
  withSlippage,
  type SlippageEstimate,
} from './slippage.ts'
export { HOLDERS, tradingStateOf, type Hold, type Holder, type Holds } from './trading-state.ts'
