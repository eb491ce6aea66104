/**
 * Order flow: what aggressive traders do, and what becomes of it.
 *
 * Entry points: `createOrderFlowDecider` (messages in, outputs out), `OrderFlowEngine` (the same without
 * envelopes, for the hot path), `featuresAt` (all that a setup may look at), `measureTrades` (a series of
 * trades measured by the core alone), `view…` (what stands, for people). Invariants: everything is
 * evaluated on a grid of event time, so batching changes nothing; sums of lots are exact; a snapshot goes
 * on exactly where it was taken.
 */
export {
  createOrderFlowDecider,
  type OrderFlowDecider,
  type OrderFlowHost,
} from './order-flow-decider.ts'
export { UNHEARD_MEASURES, type OrderFlowDeciderConfig } from './symbol-flow.ts'
export { OrderFlowEngine } from './order-flow-engine.ts'
export type { EngineInstrument, EngineOptions, OrderFlowListener } from './order-flow-listener.ts'
export { featuresAt, measuresAt } from './order-flow-payloads.ts'
export {
  TradeMeasurer,
  measureTrades,
  type MeasureOptions,
  type MeasuredTrade,
  type Measurement,
} from './measure-trades.ts'
export {
  viewFootprints,
  viewMeasures,
  viewProfile,
  type FootprintView,
  type MeasuresView,
  type ProfileView,
} from './order-flow-views.ts'
export type { AbsorptionReading } from './absorption.ts'
export type { AbsorptionEpisode, EndedEpisode } from './absorption-episode.ts'
export type { MeasuredBar } from './bar-measures.ts'
export type { Divergence, DivergenceName } from './cvd-divergence.ts'
export { DELTA_WINDOWS, DELTA_WINDOW_NAMES, type DeltaWindowName } from './delta-window.ts'
export { FOOTPRINT_TIMEFRAMES, type FootprintTimeframe } from './footprint-history.ts'
export { readFunding, type FundingConfig, type FundingReading } from './funding.ts'
export type { NakedPoc, ProfilePeriod, ProfilePrices } from './profiles.ts'
export type { PendingTrap, Trap } from './trapped-traders.ts'
