import type { MarketEvent } from '@tapedeck/core'
import type {
  AccountView,
  BalanceView,
  IncomeRow,
  MarginType,
  MoneyView,
  PositionView,
  SymbolConfig,
} from './account-types.ts'
import type { ExchangeEvent } from './exchange-event.ts'
import type { ExchangeInstrument, LeverageBracket, SymbolStatus } from './exchange-instrument.ts'
import type { ExchangeOptions, OpenAccount, TriggerOutcome } from './exchange-options.ts'
import type {
  AggregateTrade,
  BookTickerView,
  BookView,
  DayTicker,
  FundingRateRow,
  Kline,
  KlineInterval,
  PremiumIndex,
  PublicTrade,
} from './market-types.ts'
import type {
  AmendOrder,
  ConditionalKey,
  ConditionalView,
  NewConditional,
  NewOrder,
  OrderKey,
  OrderView,
  PositionSideName,
  UserTrade,
} from './order-types.ts'
import type { ExchangeResult } from './refusal.ts'

const soon = (): never => {
  throw new Error('not there yet')
}

/**
 * An exchange of linear perpetuals: many accounts and an outside market on one book. Synchronous; time is
 * what it is told; the same calls give the same results and events.
 *
 * Results are returned; what follows for anyone is an event. Take events after every call.
 */
export class Exchange {
  constructor(options: ExchangeOptions) {
    void options
  }

  /** Exchange clock, ms. */
  get time(): number {
    return soon()
  }

  /** Margin asset, e.g. USDT. */
  get asset(): string {
    return soon()
  }

  // ---- Time and market ----

  /** Moves the clock; does what falls due by then (funding, countdowns, good-till dates). Never back. */
  advanceTo(_time: number): void {
    soon()
  }

  /**
   * The outside market: prints, book, mark. A time ahead of the clock moves it. Symbols that are not
   * listed, quotes, bars and feed states are passed over.
   */
  applyMarket(_event: MarketEvent): void {
    soon()
  }

  /** Everything that happened since this was called last, in order. */
  takeEvents(): readonly ExchangeEvent[] {
    return soon()
  }

  // ---- Accounts ----

  /** Throws a RangeError when the account exists. */
  openAccount(_account: string, _given?: OpenAccount): void {
    soon()
  }
  hasAccount(_account: string): boolean {
    return soon()
  }
  accounts(): readonly string[] {
    return soon()
  }
  /** Decimal, positive. */
  deposit(_account: string, _amount: string): ExchangeResult<BalanceView> {
    return soon()
  }
  withdraw(_account: string, _amount: string): ExchangeResult<BalanceView> {
    return soon()
  }
  /** A restricted account may only reduce. */
  restrict(_account: string, _restricted: boolean): ExchangeResult<null> {
    return soon()
  }
  setLeverage(_account: string, _symbol: string, _leverage: number): ExchangeResult<SymbolConfig> {
    return soon()
  }
  setMarginType(_account: string, _symbol: string, _type: MarginType): ExchangeResult<null> {
    return soon()
  }
  setPositionMode(_account: string, _hedgeMode: boolean): ExchangeResult<null> {
    return soon()
  }
  /** Adds to (positive) or takes from the wallet of an isolated position. */
  moveMargin(
    _account: string,
    _symbol: string,
    _side: PositionSideName,
    _amount: string,
  ): ExchangeResult<null> {
    return soon()
  }

  // ---- Orders ----

  /** The order as it stands after whatever it could do at once. */
  placeOrder(_account: string, _order: NewOrder): ExchangeResult<OrderView> {
    return soon()
  }
  /** The same checks, without an order. */
  testOrder(_account: string, _order: NewOrder): ExchangeResult<null> {
    return soon()
  }
  amendOrder(
    _account: string,
    _symbol: string,
    _key: OrderKey,
    _change: AmendOrder,
  ): ExchangeResult<OrderView> {
    return soon()
  }
  cancelOrder(_account: string, _symbol: string, _key: OrderKey): ExchangeResult<OrderView> {
    return soon()
  }
  /** Plain orders of a symbol; conditional orders stay. */
  cancelAll(_account: string, _symbol: string): ExchangeResult<readonly OrderView[]> {
    return soon()
  }
  /** Cancels the plain orders of a symbol in `countdownMs` unless called again; 0 ends the countdown. */
  countdownCancelAll(
    _account: string,
    _symbol: string,
    _countdownMs: number,
  ): ExchangeResult<null> {
    return soon()
  }
  placeConditional(_account: string, _order: NewConditional): ExchangeResult<ConditionalView> {
    return soon()
  }
  /** Binance names no symbol here: ids of conditional orders are unique over all symbols. */
  cancelConditional(_account: string, _key: ConditionalKey): ExchangeResult<ConditionalView> {
    return soon()
  }
  cancelAllConditionals(
    _account: string,
    _symbol: string,
  ): ExchangeResult<readonly ConditionalView[]> {
    return soon()
  }

  // ---- What happens to one on demand ----

  /** Lets a conditional order that is stuck in TRIGGERING go on. */
  resolveTrigger(
    _account: string,
    _key: ConditionalKey,
    _outcome: Exclude<TriggerOutcome, 'stick'>,
  ): ExchangeResult<ConditionalView> {
    return soon()
  }
  /** Liquidates the account's positions in a symbol now, whatever its margin. */
  liquidate(_account: string, _symbol: string): ExchangeResult<null> {
    return soon()
  }
  /** Deleverages a position: `quantity` of it (default all) against the insurance fund, at `price` (default mark). */
  deleverage(
    _account: string,
    _symbol: string,
    _given?: {
      readonly side?: PositionSideName
      readonly quantity?: string
      readonly price?: string
    },
  ): ExchangeResult<null> {
    return soon()
  }
  /** Orders of a symbol that does not trade are refused (SETTLING: only those that reduce are taken). */
  setSymbolStatus(_symbol: string, _status: SymbolStatus): ExchangeResult<null> {
    return soon()
  }
  /** Delists: orders expire (7), positions are closed at the mark (`settlement_autoclose-`), status CLOSE. */
  settle(_symbol: string): ExchangeResult<null> {
    return soon()
  }

  // ---- What an account sees. An unknown account sees nothing: null or empty ----

  account(_account: string): AccountView | null {
    return soon()
  }
  balance(_account: string): BalanceView | null {
    return soon()
  }
  /** Not flat, or with open orders; all symbols with `all`. */
  positions(
    _account: string,
    _given?: { symbol?: string; all?: boolean },
  ): readonly PositionView[] {
    return soon()
  }
  symbolConfigs(_account: string, _symbol?: string): readonly SymbolConfig[] {
    return soon()
  }
  /** Open or over. By client id: the open one, else the latest. */
  order(_account: string, _symbol: string, _key: OrderKey): OrderView | null {
    return soon()
  }
  openOrders(_account: string, _symbol?: string): readonly OrderView[] {
    return soon()
  }
  /** Open and over, by rising id. */
  ordersOf(_account: string, _symbol?: string): readonly OrderView[] {
    return soon()
  }
  conditional(_account: string, _key: ConditionalKey): ConditionalView | null {
    return soon()
  }
  openConditionals(_account: string, _symbol?: string): readonly ConditionalView[] {
    return soon()
  }
  conditionalsOf(_account: string, _symbol?: string): readonly ConditionalView[] {
    return soon()
  }
  /** By rising id. */
  tradesOf(_account: string, _symbol?: string): readonly UserTrade[] {
    return soon()
  }
  /** Oldest first. */
  income(_account: string): readonly IncomeRow[] {
    return soon()
  }

  // ---- What everyone sees. Null or empty for a symbol that is not listed ----

  instruments(): readonly ExchangeInstrument[] {
    return soon()
  }
  instrument(_symbol: string): ExchangeInstrument | null {
    return soon()
  }
  brackets(_symbol: string): readonly LeverageBracket[] {
    return soon()
  }
  book(_symbol: string, _levels: number): BookView | null {
    return soon()
  }
  bookTicker(_symbol: string): BookTickerView | null {
    return soon()
  }
  /** The latest `limit`, oldest first; from id `from` on where given. */
  trades(_symbol: string, _limit: number, _from?: number): readonly PublicTrade[] {
    return soon()
  }
  aggregateTrades(_symbol: string, _limit: number, _from?: number): readonly AggregateTrade[] {
    return soon()
  }
  /** Oldest first, the last one still open. Times bound the open time, both inclusive. */
  klines(
    _symbol: string,
    _interval: KlineInterval,
    _limit: number,
    _from?: number,
    _to?: number,
  ): readonly Kline[] {
    return soon()
  }
  premiumIndex(_symbol: string): PremiumIndex | null {
    return soon()
  }
  fundingRates(_symbol: string): readonly FundingRateRow[] {
    return soon()
  }
  dayTicker(_symbol: string): DayTicker | null {
    return soon()
  }
  /** In the base asset: half of all open lots, ours and the market's. */
  openInterest(_symbol: string): string | null {
    return soon()
  }

  // ---- Audit ----

  money(): MoneyView {
    return soon()
  }
}
