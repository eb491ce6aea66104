/**
 * Exact decimals: money, and anything that is sent to a venue or kept in a ledger.
 *
 * Entry points: `dec` in, `toDecimalString` and `toMoneyString` out, `floorToStep` and `roundToStep`
 * for grids. Invariants: decimal.js is imported in this folder alone; 40 significant digits, half-even;
 * no text ever has an exponent; NaN and infinities do not exist here.
 */
export { ZERO, dec, maximum, minimum, sum, type Dec } from './decimal.ts'
export { floorToStep, isOnStep, roundToStep, type RoundMode } from './round-to-step.ts'
export { formatMoney, toDecimalString, toMoneyString, toNumber } from './to-text.ts'
