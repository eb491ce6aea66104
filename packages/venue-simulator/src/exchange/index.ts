/**
 * The exchange itself: many accounts and an outside market on one book, with margin, funding, conditional
 * orders and liquidation. Pure and synchronous; time is an input.
 *
 * Entry points: `Exchange`, `listInstrument` (what it lists), `ExchangeEvent` (what it tells). Invariants:
 * the same calls at the same times give the same results and events; no money is made or lost; no lot of
 * displayed or printed volume is given twice; prices and quantities are whole ticks and lots inside and
 * canonical decimals outside; a refusal has a name, and changes nothing.
 *
 * - `accounts/`: what accounts hold, owe and may draw on; margin by brackets, fees, and where every unit of money is.
 * - `orders/`: orders of clients: what is read, refused and in which order, listed, amended and ended.
 * - `conditional/`: what arms, triggers and ends a stop, a target or a trailing stop.
 * - `matching/`: price-time priority: the book of client orders beside the market, and what fills against what.
 * - `market/`: one symbol as everybody sees it: book, prints, candles, mark and funding.
 * - `liquidation/`: what becomes of an account that cannot carry its positions: margin call, liquidation, fund, deleveraging.
 */
export { Exchange } from './exchange.ts'
export {
  bracketsFrom,
  listInstrument,
  type ExchangeInstrument,
  type LeverageBracket,
  type SymbolStatus,
} from './exchange-instrument.ts'
export type {
  EntryOutcome,
  ExchangeHooks,
  ExchangeOptions,
  OpenAccount,
  TriggerOutcome,
} from './exchange-options.ts'
export { EXCHANGE_STATE_VERSION, type SavedExchange } from './saved/index.ts'
export { checkFeeAsset, type OpenFeeAsset } from './accounts/fee-asset.ts'
export { accept, refuse, type ExchangeResult, type Refused, type RefusalName } from './refusal.ts'
export {
  isPrivate,
  type BalanceCause,
  type BalanceChange,
  type ExchangeEvent,
  type ExecutionType,
  type MarginCallPosition,
  type PositionChange,
  type PrivateEvent,
  type PublicEvent,
} from './exchange-event.ts'
export { intervalSpan } from './market/make-klines.ts'
export type {
  AccountView,
  BalanceView,
  FeeAssetView,
  IncomeRow,
  IncomeType,
  MarginType,
  MoneyView,
  PositionView,
  SymbolConfig,
} from './accounts/account-types.ts'
export {
  KLINE_INTERVALS,
  type AggregateTrade,
  type BookTickerView,
  type BookView,
  type DayTicker,
  type FundingRateRow,
  type Kline,
  type KlineInterval,
  type LevelView,
  type LiquidationView,
  type PremiumIndex,
  type PublicTrade,
} from './market/market-types.ts'
export type {
  AmendOrder,
  ConditionalKey,
  ConditionalOrderType,
  ConditionalStatus,
  ConditionalView,
  ExpiryReason,
  NewConditional,
  NewOrder,
  OrderKey,
  OrderView,
  PlainOrderStatus,
  PlainOrderType,
  PositionSideName,
  PriceMatch,
  SelfTradePrevention,
  TimeInForce,
  UserTrade,
  WorkingType,
} from './orders/order-types.ts'
