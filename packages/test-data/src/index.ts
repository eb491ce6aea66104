/**
 * The instrument, the trading configuration and the approval that tests share, each with a default for
 * everything that a test does not speak of; and how a test waits. Never imported by production code.
 *
 * Entry points: `testInstrument`, `testInstrumentConfig`, `testTrading`, `testApproval`, `until`. Invariants:
 * uses the contracts alone, so that the tests of any package may use it; the contracts accept what it makes;
 * no wait is without an end.
 */
export { testInstrument, testInstrumentConfig } from './test-instrument.ts'
export { testTrading, type TradingSections } from './test-trading.ts'
export { testApproval, type ApprovalFacts } from './test-approval.ts'
export { until, type UntilOptions } from './until.ts'
