/**
 * The market as it is told: grids, bars, continuity, and the order in which events reach the tape.
 *
 * Entry points: `parseStep`/`decimalToSteps` (prices and quantities as whole ticks and lots),
 * `BarBuilder` (bars of every timeframe), `MarketComposer` (source events in, tape order out). Invariants: sums of ticks and lots are exact, floats appear
 * only at the edge, by one correctly rounded division; bars are aligned to UTC.
 */
export { decimalToSteps, fromSteps, parseStep, stepsToDecimal, type Step } from './grid.ts'
export { BarBuilder, type BarBuilderOptions } from './bar-builder.ts'
export { openTimeOf, type OpenBar } from './bar-accumulator.ts'
export type {
  BarEvent,
  ClockEvent,
  DepthEvent,
  FeedEvent,
  MarkEvent,
  MarketEvent,
  QuoteEvent,
  TradeEvent,
} from './market-event.ts'
export { TradeContinuity, type TradeCounts, type TradeVerdict } from './trade-continuity.ts'
export { MarketComposer } from './market-composer.ts'
export type { ComposedStep, ComposerOptions } from './composer-options.ts'
export type { LaneCounts } from './lane-state.ts'
export { LOCKSTEP_STEP_EVENTS, runEnded, runStarted } from './run-messages.ts'
export type { ColumnKind } from './trade-batch.ts'
export type { TradeRows } from './trade-rows.ts'
