/**
 * The brain: pure, synchronous, deterministic. Folders are the nouns of the trade; each folder's
 * `index.ts` says what it is for. Time is an input; state lives in deciders (`decider.ts`).
 */
export { type Decider, type DeciderFactory, type Json } from './decider.ts'
export {
  BarBuilder,
  MarketComposer,
  TradeContinuity,
  decimalToSteps,
  fromSteps,
  openTimeOf,
  parseStep,
  stepsToDecimal,
  type BarBuilderOptions,
  type BarEvent,
  type ClockEvent,
  type ComposedStep,
  type ComposerOptions,
  type DepthEvent,
  type FeedEvent,
  type LaneCounts,
  type MarkEvent,
  type MarketEvent,
  type OpenBar,
  type QuoteEvent,
  type Step,
  type TradeCounts,
  type TradeEvent,
  type TradeVerdict,
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
export {
  ORDER_STATUS_TABLE,
  averagePrice,
  clientOrderId,
  createOrder,
  gridOf,
  instrumentKey,
  isOwnClientOrderId,
  isTerminal,
  leavesLots,
  mayFollow,
  toOrder,
  transitionOrder,
  type InstrumentGrid,
  type OrderChange,
  type OrderDraft,
  type OrderRecord,
  type Transition,
} from './order/index.ts'
export {
  type VenueBalance,
  type VenueFill,
  type VenueOrder,
  type VenuePosition,
  type VenueSnapshot,
} from './reconciliation/index.ts'
export {
  compactUtc,
  minuteOfDay,
  minutesOf,
  sessionOf,
  utcDate,
  type Session,
} from './calendar/index.ts'
export { copyJson, isOneOf } from './message/index.ts'
export {
  SETUP_INPUTS,
  createSetupDecider,
  setupId,
  type SetupDeciderConfig,
} from './setup/index.ts'
export {
  MatchingEngine,
  feeOf,
  fillModelFrom,
  slip,
  type DepthChange,
  type FillModel,
  type OrderTicket,
  type RejectReason,
  type VenueEvent,
} from './matching/index.ts'
export {
  FLAT,
  applyFill,
  applyFunding,
  averageEntry,
  fundingPayment,
  netPnl,
  positionFromJson,
  positionToJson,
  sideOf,
  unrealizedPnl,
  type Position,
  type PositionFill,
  type PositionJson,
} from './position/index.ts'
