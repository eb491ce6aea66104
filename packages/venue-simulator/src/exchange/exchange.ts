import { dec, type MarketEvent } from '@tapedeck/core'
import { AccountDesk } from './accounts/account-desk.ts'
import type { AccountState } from './accounts/account-state.ts'
import type { BalanceView, MarginType, SymbolConfig } from './accounts/account-types.ts'
import { settleDown } from './aftermath.ts'
import { ClockDesk } from './clock-desk.ts'
import { ConditionalDesk } from './conditional/conditional-desk.ts'
import { describeBalance } from './accounts/describe-account.ts'
import { accountMargin } from './accounts/account-margin.ts'
import { describeConditional, describeOrder } from './orders/describe-order.ts'
import type { ExchangeEvent } from './exchange-event.ts'
import type { SymbolStatus } from './exchange-instrument.ts'
import type {
  ExchangeHooks,
  ExchangeOptions,
  OpenAccount,
  TriggerOutcome,
} from './exchange-options.ts'
import { ExchangeReader } from './exchange-reader.ts'
import { ExchangeState } from './exchange-state.ts'
import { checkFeeAsset } from './accounts/fee-asset.ts'
import { Liquidator } from './liquidation/liquidator.ts'
import { MatchingDesk } from './matching/matching-desk.ts'
import { MeasuresDesk, type Deleveraging } from './measures-desk.ts'
import { newState } from './new-state.ts'
import { OrderDesk } from './orders/order-desk.ts'
import type {
  AmendOrder,
  ConditionalKey,
  ConditionalView,
  NewConditional,
  NewOrder,
  OrderKey,
  OrderView,
  PositionSideName,
} from './orders/order-types.ts'
import { accept, refuse, type ExchangeResult } from './refusal.ts'
import { restoreExchange, saveExchange, type SavedExchange } from './saved/index.ts'
import type { SymbolMarket } from './market/symbol-market.ts'
import { takeMark } from './market/take-mark.ts'

/**
 * An exchange of linear perpetuals: many accounts and an outside market on one book. Synchronous; time is
 * what it is told; the same calls give the same results and events.
 *
 * Results are returned; what follows for anyone is an event. Take events after every call.
 */
export class Exchange extends ExchangeReader {
  readonly #desks = new Map<SymbolMarket, MatchingDesk>()
  readonly #accounts: AccountDesk
  readonly #orders: OrderDesk
  readonly #conditionals: ConditionalDesk
  readonly #liquidator: Liquidator
  readonly #measures: MeasuresDesk
  readonly #clock: ClockDesk

  /** Throws a RangeError on instruments that do not fit together. */
  constructor(options: ExchangeOptions | ExchangeState) {
    super(options instanceof ExchangeState ? options : newState(options))
    for (const market of this.state.markets.values())
      this.#desks.set(market, new MatchingDesk(market))
    const deskOf = (market: SymbolMarket): MatchingDesk => this.#desks.get(market)!
    this.#accounts = new AccountDesk(this.state)
    this.#orders = new OrderDesk(this.state, deskOf)
    this.#conditionals = new ConditionalDesk(this.state, deskOf)
    this.#liquidator = new Liquidator(this.state, deskOf)
    this.#measures = new MeasuresDesk(this.state, this.#conditionals, this.#liquidator)
    this.#clock = new ClockDesk(this.state, this.#orders, this.#conditionals)
  }

  /**
   * All that it is, as JSON. An exchange made from it by `restore` goes on exactly where this one stands:
   * the same calls give the same results, events and ids.
   */
  snapshot(): SavedExchange {
    return saveExchange(this.state)
  }

  /** Throws a RangeError on what `snapshot` of this version did not make. Hooks are no state: they are given anew. */
  static restore(saved: SavedExchange, hooks: ExchangeHooks = {}): Exchange {
    return new Exchange(restoreExchange(saved, hooks))
  }

  // ---- Time and market ----

  /** Moves the clock; does what falls due by then (funding, countdowns, good-till dates). Never back. */
  advanceTo(time: number): void {
    this.#clock.advance(time, this.#settleDown)
  }

  /**
   * The outside market: prints, book, mark. A time ahead of the clock moves it. Symbols that are not
   * listed, quotes, bars and feed states are passed over.
   */
  applyMarket(event: MarketEvent): void {
    if ('time' in event && event.time !== null) this.advanceTo(event.time)
    if (!('symbol' in event)) return
    const market = this.state.markets.get(event.symbol)
    if (market === undefined) return
    const desk = this.#desks.get(market)!
    if (event.kind === 'trade') {
      if (event.priceTicks > 0 && event.quantityLots > 0) desk.print(this.state, event)
    } else if (event.kind === 'depth') desk.depth(this.state, event)
    else if (event.kind === 'mark') takeMark(this.state, market, event)
    this.#settleDown()
  }

  /** Everything that happened since this was called last, in order. */
  takeEvents(): readonly ExchangeEvent[] {
    return this.state.log.take()
  }

  readonly #settleDown = (): void => settleDown(this.state, this.#conditionals, this.#liquidator)

  /** Does something for an account, then all that follows from it. */
  #for<T, V>(
    id: string,
    act: (account: AccountState) => ExchangeResult<T>,
    view: (value: T, account: AccountState) => V,
  ): ExchangeResult<V> {
    const account = this.state.accounts.get(id)
    if (account === undefined) return refuse('ACCOUNT_UNKNOWN', `account ${id}`)
    const result = act(account)
    // A refusal changes nothing, but for a cancel that comes too late: its order has filled.
    this.#settleDown()
    if (!result.ok) return result
    return accept(view(result.value, account))
  }

  // ---- Accounts ----

  /** Throws a RangeError when the account exists, and on a balance that cannot be deposited. */
  openAccount(account: string, given: OpenAccount = {}): void {
    if (given.feeAsset !== undefined) checkFeeAsset(given.feeAsset, this.state.asset)
    const opened = this.#accounts.open(account, {
      makerFeePercent: given.makerFeePercent ?? this.state.fees.makerFeePercent,
      takerFeePercent: given.takerFeePercent ?? this.state.fees.takerFeePercent,
    })
    if (given.feeAsset !== undefined) this.#accounts.addFeeAsset(opened, given.feeAsset)
    if (given.balance === undefined || dec(given.balance).isZero()) return
    const deposited = this.#accounts.deposit(opened, given.balance)
    if (!deposited.ok) throw new RangeError(`account ${account}: ${deposited.detail}`)
  }

  /** Decimal, positive. */
  deposit(account: string, amount: string): ExchangeResult<BalanceView> {
    return this.#for(account, (one) => this.#accounts.deposit(one, amount), this.#balanceOf)
  }

  withdraw(account: string, amount: string): ExchangeResult<BalanceView> {
    return this.#for(account, (one) => this.#accounts.withdraw(one, amount), this.#balanceOf)
  }

  readonly #balanceOf = (_: null, account: AccountState): BalanceView =>
    describeBalance(account, accountMargin(account), this.state.asset)

  /** A restricted account may only reduce. */
  restrict(account: string, restricted: boolean): ExchangeResult<null> {
    const act = (one: AccountState): ExchangeResult<null> => {
      one.restricted = restricted
      return accept(null)
    }
    return this.#for(account, act, same)
  }

  /** Whether commissions are paid out of the account's fee asset; refused to an account that has none. */
  setFeeBurn(account: string, burns: boolean): ExchangeResult<null> {
    return this.#for(account, (one) => this.#accounts.setFeeBurn(one, burns), same)
  }

  setLeverage(account: string, symbol: string, leverage: number): ExchangeResult<SymbolConfig> {
    return this.#for(account, (one) => this.#accounts.setLeverage(one, symbol, leverage), same)
  }

  setMarginType(account: string, symbol: string, type: MarginType): ExchangeResult<null> {
    return this.#for(account, (one) => this.#accounts.setMarginType(one, symbol, type), same)
  }

  setPositionMode(account: string, hedgeMode: boolean): ExchangeResult<null> {
    return this.#for(account, (one) => this.#accounts.setPositionMode(one, hedgeMode), same)
  }

  /** Adds to (positive) or takes from the wallet of an isolated position. */
  moveMargin(
    account: string,
    symbol: string,
    side: PositionSideName,
    amount: string,
  ): ExchangeResult<null> {
    return this.#for(account, (one) => this.#accounts.moveMargin(one, symbol, side, amount), same)
  }

  // ---- Orders ----

  /** The order as it stands after whatever it could do at once. */
  placeOrder(account: string, order: NewOrder): ExchangeResult<OrderView> {
    return this.#for(account, (one) => this.#orders.place(one, order), describeOrder)
  }

  /** The same checks, without an order. */
  testOrder(account: string, order: NewOrder): ExchangeResult<null> {
    return this.#for(account, (one) => this.#orders.test(one, order), same)
  }

  amendOrder(
    account: string,
    symbol: string,
    key: OrderKey,
    change: AmendOrder,
  ): ExchangeResult<OrderView> {
    const act = (one: AccountState) => this.#orders.amend(one, symbol, key, change)
    return this.#for(account, act, describeOrder)
  }

  cancelOrder(account: string, symbol: string, key: OrderKey): ExchangeResult<OrderView> {
    return this.#for(account, (one) => this.#orders.cancel(one, symbol, key), describeOrder)
  }

  /** Plain orders of a symbol; conditional orders stay. */
  cancelAll(account: string, symbol: string): ExchangeResult<readonly OrderView[]> {
    return this.#for(account, (one) => this.#orders.cancelAll(one, symbol), same)
  }

  /** Cancels the plain orders of a symbol in `countdownMs` unless called again; 0 ends the countdown. */
  countdownCancelAll(account: string, symbol: string, countdownMs: number): ExchangeResult<null> {
    const act = (one: AccountState) => this.#clock.countDown(one, symbol, countdownMs)
    return this.#for(account, act, same)
  }

  placeConditional(account: string, order: NewConditional): ExchangeResult<ConditionalView> {
    const act = (one: AccountState) => this.#conditionals.place(one, order)
    return this.#for(account, act, describeConditional)
  }

  /** Binance names no symbol here: ids of conditional orders are unique over all symbols. */
  cancelConditional(account: string, key: ConditionalKey): ExchangeResult<ConditionalView> {
    const act = (one: AccountState) => this.#conditionals.cancel(one, key)
    return this.#for(account, act, describeConditional)
  }

  cancelAllConditionals(
    account: string,
    symbol: string,
  ): ExchangeResult<readonly ConditionalView[]> {
    return this.#for(account, (one) => this.#conditionals.cancelAll(one, symbol), same)
  }

  // ---- What happens to one on demand ----

  /** Lets a conditional order that is stuck in TRIGGERING go on. */
  resolveTrigger(
    account: string,
    key: ConditionalKey,
    outcome: Exclude<TriggerOutcome, 'stick'>,
  ): ExchangeResult<ConditionalView> {
    const act = (one: AccountState) => this.#conditionals.resolve(one, key, outcome)
    return this.#for(account, act, describeConditional)
  }

  /** Liquidates the account's positions in a symbol now, whatever its margin. */
  liquidate(account: string, symbol: string): ExchangeResult<null> {
    return this.#for(account, (one) => this.#measures.liquidate(one, symbol), same)
  }

  /** Deleverages a position against the insurance fund. */
  deleverage(account: string, symbol: string, given: Deleveraging = {}): ExchangeResult<null> {
    return this.#for(account, (one) => this.#measures.deleverage(one, symbol, given), same)
  }

  /** Charges funding of a symbol now, out of turn, at the mark; by default at the rate told last. */
  fund(symbol: string, rate?: number): ExchangeResult<null> {
    return this.#measured(this.#measures.fund(symbol, rate))
  }

  /** Orders of a symbol that does not trade are refused (SETTLING: only those that reduce are taken). */
  setSymbolStatus(symbol: string, status: SymbolStatus): ExchangeResult<null> {
    return this.#measured(this.#measures.setStatus(symbol, status))
  }

  /** Delists: orders expire (7), positions are closed at the mark (`settlement_autoclose-`), status CLOSE. */
  settle(symbol: string): ExchangeResult<null> {
    return this.#measured(this.#measures.settle(symbol))
  }

  #measured(result: ExchangeResult<null>): ExchangeResult<null> {
    this.#settleDown()
    return result
  }
}

const same = <T>(value: T): T => value
