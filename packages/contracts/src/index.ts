/**
 * Everything that crosses a process boundary: envelopes, message schemas, subjects, error codes.
 *
 * Entry points: `MESSAGES` (the one table), `decode` (bytes to a checked envelope), `output` (what a
 * decision appends), `TapedeckError` (operating errors). Invariants: pure (no clock, no I/O); released
 * versions stay readable for ever (`upcast`, `fixtures/`).
 */
export { Envelope, Producer } from './envelope.ts'
export { DOMAIN_OF, SERVICES, type ServiceName } from './services.ts'
export {
  MESSAGES,
  MESSAGE_TYPES,
  type MessageType,
  type PayloadOf,
  type Scope,
} from './subjects.ts'
export { TAPE_PREFIX, scopeOf, subjectOf, typeOfSubject, type SubjectScope } from './subject-of.ts'
export { isType, output, type Message, type Output } from './message.ts'
export { TAPEDECK_VERSION } from './version.ts'
export { sealMessage, type Cause, type Seal } from './seal.ts'
export {
  MESSAGE_BYTES_MAX,
  decode,
  decodeValue,
  encode,
  type Decoded,
  type TapeEnvelope,
  type UnreadableReason,
} from './decode.ts'
export { checkDepth, checkTrades } from './columns.ts'
export { upcast } from './upcast.ts'
export { TAPEDECK_NAMESPACE, eventId, shortHash, uuid5 } from './ids.ts'
export { canonicalJson } from './canonical-json.ts'
export {
  FRAME_BYTES,
  beginsFrame,
  frameMember,
  isIntactMember,
  readFrame,
  type MemberFrame,
} from './archive-frame.ts'
export { ERRORS, TapedeckError, hasCode, type ErrorCode, type NextStep } from './errors.ts'

export {
  Account,
  DecimalString,
  Grade,
  Lots,
  Millis,
  PositionSide,
  PositiveDecimalString,
  ReadableId,
  Side,
  Symbol,
  TIMEFRAME_MS,
  Ticks,
  Timeframe,
  TradingState,
  Uuid,
  Venue,
} from './values/scalars.ts'
export { unstorableText } from './values/unstorable-text.ts'
export { Instrument } from './market-data/instrument.ts'
export {
  BarClosed,
  Clock,
  Depth,
  FeedStatus,
  Mark,
  RunEnded,
  RunStarted,
  Trades,
} from './market-data/messages.ts'
export {
  AbsorptionEnded,
  AbsorptionStarted,
  BarShape,
  DivergenceDetected,
  Features,
  MarketStateChanged,
  MarketStateName,
  Measures,
  TrapConfirmed,
  VolumeWall,
} from './order-flow/messages.ts'
export {
  BOXES,
  Box,
  BoxResult,
  NoSignalReason,
  SetupEvaluated,
  SignalGenerated,
  Strategy,
} from './setups/messages.ts'
export { ModelScore, ScoreFailure } from './setups/model-score.ts'
export {
  BreakDirection,
  FeatureRecord,
  FeatureValue,
  SETUP_STATES,
  Semver,
  SessionContext,
  SessionType,
  SetupEventRecorded,
  SetupOutcome,
  SetupOutcomeDecided,
  SetupState,
  TemplateVersion,
} from './setups/setup-event.ts'
export {
  FrozenSetupEvent,
  SetupEventDetail,
  SetupEventRecord,
} from './setups/setup-event-record.ts'
export {
  ApprovedOrder,
  DENIAL_REASONS,
  DecisionInputs,
  DenialReason,
  FlattenRequested,
  LimitsChanged,
  RiskCheck,
  RiskCommandReceived,
  SessionStatus,
  SessionUpdated,
  SignalApproved,
  SignalDenied,
  TradingStateChanged,
} from './risk/messages.ts'
export {
  AccountUpdated,
  ExecutionCommandReceived,
  VenueReported,
  ExitReason,
  Fill,
  Order,
  OrderChanged,
  OrderRole,
  OrderStatus,
  OrderType,
  PositionChanged,
  Trade,
  TradeChanged,
  OtherFees,
  TradeClosed,
  TradeStatus,
} from './orders/messages.ts'
export {
  CorrectionRequested,
  FindingDetected,
  FindingKind,
  ReconciliationCompleted,
  ReviewWritten,
  TradeDifference,
  TradeRecorded,
  VenueSeen,
} from './records/messages.ts'
export { InstrumentConfig } from './config/instrument-config.ts'
export { OrderFlowConfig } from './config/order-flow-config.ts'
export { SetupEventsConfig } from './config/setup-events-config.ts'
export { SessionConfig, StrategyConfig } from './config/strategy-config.ts'
export {
  ExecutionConfig,
  LIVE_DEFAULTS,
  ReconciliationConfig,
  isRemote,
  liveSettings,
  onPaper,
} from './config/execution-config.ts'
export { RiskConfig } from './config/risk-config.ts'
export { TradingConfig } from './config/trading-config.ts'
export { LOCKSTEP_ORDER, READS } from './subscriptions.ts'
export { instrumentsOf } from './config/instruments-of.ts'
export { DECIDES, configHash } from './config/decides.ts'
