/**
 * Statistics of trades and equity: what a series of results is worth, and how sure one can be of it.
 *
 * Invariants: pure functions of their arguments; randomness only from a seed; what cannot be known
 * (a ratio without variance, a mean of nothing) is null, never 0 or NaN.
 */
export type { ClosedTrade, EquityPoint } from './closed-trade.ts'
