import { Random, dec, decimalToSteps, type MarketEvent, type MarkEvent } from '@tapedeck/core'
import { AccountDesk } from './account-desk.ts'
import type { AccountState } from './account-state.ts'
import type { BalanceView, MarginType, SymbolConfig } from './account-types.ts'
import { settleDown } from './aftermath.ts'
import { ConditionalDesk } from './conditional-desk.ts'
import { describeBalance } from './describe-account.ts'
import { accountMargin } from './account-margin.ts'
import { describeConditional, describeOrder } from './describe-order.ts'
import { endOrder } from './end-order.ts'
import type { ExchangeEvent } from './exchange-event.ts'
import type { SymbolStatus } from './exchange-instrument.ts'
import type { ExchangeOptions, OpenAccount, TriggerOutcome } from './exchange-options.ts'
import { ExchangeReader } from './exchange-reader.ts'
import { ExchangeState } from './exchange-state.ts'
import { chargeFunding, fundingDueAt } from './funding-desk.ts'
import { House } from './house.ts'
import { rulesOf } from './instrument-rules.ts'
import { Liquidator } from './liquidator.ts'
import { MatchingDesk } from './matching-desk.ts'
import { OrderDesk } from './order-desk.ts'
import type {
  AmendOrder,
  ConditionalKey,
  ConditionalView,
  NewConditional,
  NewOrder,
  OrderKey,
  OrderView,
  PositionSideName,
} from './order-types.ts'
import { premiumOf } from './premium.ts'
import { accept, refuse, type ExchangeResult } from './refusal.ts'
import { SymbolMarket } from './symbol-market.ts'
import type { Timer } from './timers.ts'

const MAKER_FEE_PERCENT = 0.02
const TAKER_FEE_PERCENT = 0.05
const COUNTDOWN_MS_MAX = 100_000_000

const newState = (options: ExchangeOptions): ExchangeState => {
  const random = new Random(options.seed ?? 1)
  const assets = new Set(options.instruments.map(({ quoteAsset }) => quoteAsset))
  const [asset = 'USDT'] = assets
  if (assets.size > 1)
    throw new RangeError(`instruments in ${[...assets].join(', ')}: expected one margin asset`)
  const state = new ExchangeState({
    now: options.startTime,
    asset,
    leverage: options.leverage ?? 20,
    maxConditionals: options.maxConditionals ?? 200,
    hooks: options.hooks ?? {},
    house: new House(dec(options.insuranceFund ?? '1000000')),
    firstId: random.integer(1_000_000, 9_000_000),
  })
  for (const instrument of options.instruments) {
    if (state.markets.has(instrument.symbol))
      throw new RangeError(`instrument ${instrument.symbol} is listed twice`)
    const first = {
      order: random.integer(10_000_000, 90_000_000),
      trade: random.integer(100_000_000, 900_000_000),
      aggregate: random.integer(1_000_000, 9_000_000),
      update: random.integer(1_000_000_000, 9_000_000_000),
    }
    state.markets.set(instrument.symbol, new SymbolMarket(rulesOf(instrument), first))
  }
  return state
}

/**
 * An exchange of linear perpetuals: many accounts and an outside market on one book. Synchronous; time is
 * what it is told; the same calls give the same results and events.
 *
 * Results are returned; what follows for anyone is an event. Take events after every call.
 */
export class Exchange extends ExchangeReader {
  readonly #options: ExchangeOptions
  readonly #desks = new Map<SymbolMarket, MatchingDesk>()
  readonly #accounts: AccountDesk
  readonly #orders: OrderDesk
  readonly #conditionals: ConditionalDesk
  readonly #liquidator: Liquidator

  /** Throws a RangeError on instruments that do not fit together. */
  constructor(options: ExchangeOptions) {
    super(newState(options))
    this.#options = options
    for (const market of this.state.markets.values())
      this.#desks.set(market, new MatchingDesk(market))
    const deskOf = (market: SymbolMarket): MatchingDesk => this.#desks.get(market)!
    this.#accounts = new AccountDesk(this.state)
    this.#orders = new OrderDesk(this.state, deskOf)
    this.#conditionals = new ConditionalDesk(this.state, deskOf)
    this.#liquidator = new Liquidator(this.state, deskOf)
  }

  // ---- Time and market ----

  /** Moves the clock; does what falls due by then (funding, countdowns, good-till dates). Never back. */
  advanceTo(time: number): void {
    for (;;) {
      const funding = this.#nextFunding()
      const due = Math.min(this.state.timers.nextAt, funding.at)
      if (due > time) break
      this.state.now = Math.max(this.state.now, due)
      if (funding.market !== null && funding.at === due) chargeFunding(this.state, funding.market)
      else this.#fire(this.state.timers.takeDue(due)!)
      this.#settleDown()
    }
    this.state.now = Math.max(this.state.now, time)
  }

  #nextFunding(): { readonly at: number; readonly market: SymbolMarket | null } {
    let at = Infinity
    let next: SymbolMarket | null = null
    for (const market of this.state.markets.values()) {
      const due = fundingDueAt(market)
      if (due >= at) continue
      at = due
      next = market
    }
    return { at, market: next }
  }

  #fire(timer: Timer): void {
    const account = this.state.accounts.get(timer.account)
    if (account === undefined) return
    if (timer.kind === 'countdown') {
      if (account.countdowns.get(timer.symbol) !== timer.at) return
      account.countdowns.delete(timer.symbol)
      this.#orders.cancelAll(account, timer.symbol)
    } else if (timer.kind === 'good_till') {
      const order = account.findOrder(timer.symbol, { orderId: timer.orderId })
      if (order?.resting === true) endOrder(this.state, order, 'EXPIRED')
    } else {
      const one = account.conditionals.get(timer.algoId)
      if (one !== undefined) this.#conditionals.expire(one, 'The good-till date is over.')
    }
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
    else if (event.kind === 'mark') this.#mark(market, event)
    this.#settleDown()
  }

  #mark(market: SymbolMarket, event: MarkEvent): void {
    if (!(event.markPrice > 0)) return
    const price = dec(event.markPrice)
    market.mark = {
      price,
      index: event.indexPrice === null ? price : dec(event.indexPrice),
      rate: event.fundingRate,
      time: event.time,
    }
    market.nextFundingTime = event.nextFundingTime
    market.markMoved = true
    this.state.touched.add(market)
    for (const account of market.holders) this.state.recheck.add(account)
    this.state.log.tell(this.state.now, {
      kind: 'mark',
      premium: premiumOf(market, this.state.now),
    })
  }

  /** Everything that happened since this was called last, in order. */
  takeEvents(): readonly ExchangeEvent[] {
    return this.state.log.take()
  }

  #settleDown(): void {
    settleDown(this.state, this.#conditionals, this.#liquidator)
  }

  /** Does something for an account, then all that follows from it. */
  #for<T, V>(
    id: string,
    act: (account: AccountState) => ExchangeResult<T>,
    view: (value: T, account: AccountState) => V,
  ): ExchangeResult<V> {
    const account = this.state.accounts.get(id)
    if (account === undefined) return refuse('ACCOUNT_UNKNOWN', `account ${id}`)
    const result = act(account)
    if (!result.ok) return result
    this.#settleDown()
    return accept(view(result.value, account))
  }

  // ---- Accounts ----

  /** Throws a RangeError when the account exists. */
  openAccount(account: string, given: OpenAccount = {}): void {
    const opened = this.#accounts.open(account, {
      makerFeePercent: given.makerFeePercent ?? this.#options.makerFeePercent ?? MAKER_FEE_PERCENT,
      takerFeePercent: given.takerFeePercent ?? this.#options.takerFeePercent ?? TAKER_FEE_PERCENT,
    })
    if (given.balance !== undefined && dec(given.balance).gt(0))
      this.#accounts.deposit(opened, given.balance)
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
    const act = (one: AccountState): ExchangeResult<null> => {
      if (!this.state.markets.has(symbol)) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
      if (!Number.isSafeInteger(countdownMs) || countdownMs < 0 || countdownMs > COUNTDOWN_MS_MAX)
        return refuse('PARAMETER_MALFORMED', `countdownTime ${countdownMs}: ms, 0 or more`)
      const at = this.state.now + countdownMs
      one.countdowns.delete(symbol)
      if (countdownMs === 0) return accept(null)
      one.countdowns.set(symbol, at)
      this.state.timers.set({ at, kind: 'countdown', account, symbol })
      return accept(null)
    }
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
    const act = (one: AccountState): ExchangeResult<null> => {
      if (!this.state.markets.has(symbol)) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
      const stake = one.stakes.get(symbol)
      if (stake === undefined || stake.isFlat)
        return refuse('REDUCE_ONLY_REJECTED', `no position of ${symbol}`)
      this.#liquidator.force(one, stake)
      return accept(null)
    }
    return this.#for(account, act, same)
  }

  /**
   * Deleverages a position: `quantity` of it (default all) against the insurance fund, at `price`
   * (default: the mark).
   */
  deleverage(
    account: string,
    symbol: string,
    given: {
      readonly side?: PositionSideName
      readonly quantity?: string
      readonly price?: string
    } = {},
  ): ExchangeResult<null> {
    const act = (one: AccountState): ExchangeResult<null> => {
      const market = this.state.markets.get(symbol)
      if (market === undefined) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
      const holding = one.stakes.get(symbol)?.holding(given.side ?? 'BOTH')
      if (holding === undefined || holding.isFlat)
        return refuse('REDUCE_ONLY_REJECTED', `no position of ${symbol}`)
      const { lot, tick } = market.rules
      const all = Math.abs(holding.lots)
      const lots = given.quantity === undefined ? all : decimalToSteps(given.quantity, lot)
      const ticks =
        given.price === undefined ? markTicks(market) : decimalToSteps(given.price, tick)
      if (lots === null || lots <= 0 || lots > all)
        return refuse(
          'PARAMETER_MALFORMED',
          `quantity ${given.quantity ?? ''}: at most the position`,
        )
      if (ticks === null || ticks <= 0)
        return refuse('PARAMETER_MALFORMED', `price ${given.price ?? ''}: expected on the tick`)
      this.#liquidator.deleverage(holding, one, lots, ticks)
      return accept(null)
    }
    return this.#for(account, act, same)
  }

  /** Orders of a symbol that does not trade are refused (SETTLING: only those that reduce are taken). */
  setSymbolStatus(symbol: string, status: SymbolStatus): ExchangeResult<null> {
    const market = this.state.markets.get(symbol)
    if (market === undefined) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
    if (market.status !== status) {
      market.status = status
      this.state.log.tell(this.state.now, { kind: 'symbol_status', symbol, status })
    }
    return accept(null)
  }

  /** Delists: orders expire (7), positions are closed at the mark (`settlement_autoclose-`), status CLOSE. */
  settle(symbol: string): ExchangeResult<null> {
    const market = this.state.markets.get(symbol)
    if (market === undefined) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
    const ticks = markTicks(market)
    for (const one of market.armed) this.#conditionals.expire(one, 'The symbol is delisted.')
    for (const account of this.state.accounts.values()) {
      const stake = account.stakes.get(symbol)
      for (const order of stake?.open ?? []) endOrder(this.state, order, 'EXPIRED', 7)
      for (const holding of stake?.holdings ?? [])
        if (!holding.isFlat && ticks !== null) this.#liquidator.settle(holding, account, ticks)
    }
    this.setSymbolStatus(symbol, 'CLOSE')
    this.#settleDown()
    return accept(null)
  }
}

const same = <T>(value: T): T => value

/** The mark on the nearest tick; null while there is none. */
const markTicks = ({ markPrice, rules }: SymbolMarket): number | null =>
  markPrice === null ? null : markPrice.div(rules.tickSize).round().toNumber()
