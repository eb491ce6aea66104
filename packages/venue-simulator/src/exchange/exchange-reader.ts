import { stepsToDecimal } from '@tapedeck/core'
import { accountMargin } from './accounts/account-margin.ts'
import type {
  AccountView,
  BalanceView,
  IncomeRow,
  MoneyView,
  PositionView,
  SymbolConfig,
} from './accounts/account-types.ts'
import { countMoney } from './accounts/count-money.ts'
import {
  describeBalance,
  describeConfig,
  describeFeeAsset,
  describePosition,
} from './accounts/describe-account.ts'
import { describeConditional, describeOrder } from './orders/describe-order.ts'
import type { ExchangeInstrument, LeverageBracket } from './exchange-instrument.ts'
import { findConditional } from './conditional/find-conditional.ts'
import type { ExchangeState } from './exchange-state.ts'
import type { Holding } from './accounts/holding.ts'
import { makeDayTicker, makeKlines } from './market/make-klines.ts'
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
} from './market/market-types.ts'
import type {
  ConditionalKey,
  ConditionalView,
  OrderKey,
  OrderView,
  UserTrade,
} from './orders/order-types.ts'
import { premiumOf } from './market/premium.ts'
import type { SymbolMarket } from './market/symbol-market.ts'

/** What can be asked of an exchange. No question changes anything. */
export class ExchangeReader {
  protected readonly state: ExchangeState

  constructor(state: ExchangeState) {
    this.state = state
  }

  /** Exchange clock, ms. */
  get time(): number {
    return this.state.now
  }

  /** Margin asset, e.g. USDT. */
  get asset(): string {
    return this.state.asset
  }

  hasAccount(account: string): boolean {
    return this.state.accounts.has(account)
  }

  accounts(): readonly string[] {
    return [...this.state.accounts.keys()]
  }

  /** How much was told of accounts so far: while it stays, nothing happened to any. Begins at 0 when restored. */
  get accountEvents(): number {
    return this.state.log.ofAccounts
  }

  // ---- What an account sees. An unknown account sees nothing: null or empty ----

  account(id: string): AccountView | null {
    const account = this.state.accounts.get(id)
    if (account === undefined) return null
    return {
      account: id,
      openedAt: account.openedAt,
      hedgeMode: account.hedgeMode,
      restricted: account.restricted,
      balance: describeBalance(account, accountMargin(account), this.state.asset),
      feeAsset: describeFeeAsset(account),
      positions: this.positions(id),
      makerFeePercent: account.makerFeePercent,
      takerFeePercent: account.takerFeePercent,
    }
  }

  balance(id: string): BalanceView | null {
    const account = this.state.accounts.get(id)
    if (account === undefined) return null
    return describeBalance(account, accountMargin(account), this.state.asset)
  }

  /** Not flat, or with open orders; every listed symbol with `all`. */
  positions(
    id: string,
    given: { readonly symbol?: string; readonly all?: boolean } = {},
  ): readonly PositionView[] {
    const account = this.state.accounts.get(id)
    if (account === undefined) return []
    const whole = accountMargin(account)
    const views: PositionView[] = []
    for (const market of this.#marketsOf(given.symbol)) {
      const known = account.stakes.get(market.rules.symbol)
      if (known === undefined && given.all !== true) continue
      const stake = known ?? account.stake(market, this.state.leverage)
      for (const holding of stake.holdings) {
        const isOfMode = (holding.side === 'BOTH') !== account.hedgeMode
        const isShown = given.all === true || !holding.isIdle || hasOpenOrders(holding)
        if (isOfMode && isShown)
          views.push(describePosition(holding, account, whole, this.state.asset))
      }
    }
    return views
  }

  /** What is held of a symbol in lots, short below 0; the sum of both sides in hedge mode. Costs next to nothing. */
  positionLots(id: string, symbol: string): number {
    const holdings = this.state.accounts.get(id)?.stakes.get(symbol)?.holdings ?? []
    return holdings.reduce((sum, { lots }) => sum + lots, 0)
  }

  #marketsOf(symbol: string | undefined): readonly SymbolMarket[] {
    if (symbol === undefined) return [...this.state.markets.values()]
    const market = this.state.markets.get(symbol)
    return market === undefined ? [] : [market]
  }

  symbolConfigs(id: string, symbol?: string): readonly SymbolConfig[] {
    const account = this.state.accounts.get(id)
    if (account === undefined) return []
    return this.#marketsOf(symbol).map((market) =>
      describeConfig(account.stake(market, this.state.leverage)),
    )
  }

  /** Open or over. By client id: the open one, else the latest. */
  order(id: string, symbol: string, key: OrderKey): OrderView | null {
    const order = this.state.accounts.get(id)?.findOrder(symbol, key)
    return order === undefined ? null : describeOrder(order)
  }

  /** Oldest first within a symbol. */
  openOrders(id: string, symbol?: string): readonly OrderView[] {
    const views: OrderView[] = []
    for (const stake of this.state.accounts.get(id)?.stakes.values() ?? [])
      if (symbol === undefined || stake.market.rules.symbol === symbol)
        for (const order of stake.open) views.push(describeOrder(order))
    return views
  }

  /** Open and over, oldest first. */
  ordersOf(id: string, symbol?: string): readonly OrderView[] {
    const views: OrderView[] = []
    for (const order of this.state.accounts.get(id)?.orders() ?? [])
      if (symbol === undefined || order.market.rules.symbol === symbol)
        views.push(describeOrder(order))
    return views
  }

  conditional(id: string, key: ConditionalKey): ConditionalView | null {
    const account = this.state.accounts.get(id)
    const found = account === undefined ? undefined : findConditional(account, key)
    return found === undefined ? null : describeConditional(found)
  }

  openConditionals(id: string, symbol?: string): readonly ConditionalView[] {
    return [...(this.state.accounts.get(id)?.openConditionals ?? [])]
      .filter(({ market }) => symbol === undefined || market.rules.symbol === symbol)
      .map(describeConditional)
  }

  /** Open and over, oldest first. */
  conditionalsOf(id: string, symbol?: string): readonly ConditionalView[] {
    return [...(this.state.accounts.get(id)?.conditionals.values() ?? [])]
      .filter(({ market }) => symbol === undefined || market.rules.symbol === symbol)
      .map(describeConditional)
  }

  /** Oldest first. */
  tradesOf(id: string, symbol?: string): readonly UserTrade[] {
    const trades = this.state.accounts.get(id)?.trades ?? []
    return symbol === undefined ? [...trades] : trades.filter((one) => one.symbol === symbol)
  }

  /** Oldest first. */
  income(id: string): readonly IncomeRow[] {
    return [...(this.state.accounts.get(id)?.income ?? [])]
  }

  // ---- What everyone sees. Null or empty for a symbol that is not listed ----

  instruments(): readonly ExchangeInstrument[] {
    return [...this.state.markets.values()].map(instrumentOf)
  }

  instrument(symbol: string): ExchangeInstrument | null {
    const market = this.state.markets.get(symbol)
    return market === undefined ? null : instrumentOf(market)
  }

  brackets(symbol: string): readonly LeverageBracket[] {
    return this.state.markets.get(symbol)?.rules.instrument.brackets ?? []
  }

  book(symbol: string, levels: number): BookView | null {
    return this.state.markets.get(symbol)?.published.view(levels, this.state.now) ?? null
  }

  bookTicker(symbol: string): BookTickerView | null {
    return this.state.markets.get(symbol)?.published.ticker(this.state.now) ?? null
  }

  /** The latest `limit`, oldest first; from id `from` on where given. */
  trades(symbol: string, limit: number, from?: number): readonly PublicTrade[] {
    return this.state.markets.get(symbol)?.tape.trades(limit, from) ?? []
  }

  aggregateTrades(symbol: string, limit: number, from?: number): readonly AggregateTrade[] {
    return this.state.markets.get(symbol)?.tape.aggregates(limit, from) ?? []
  }

  /** Oldest first, the last one still open. Times bound the open time, both inclusive. */
  klines(
    symbol: string,
    interval: KlineInterval,
    limit: number,
    from?: number,
    to?: number,
  ): readonly Kline[] {
    const market = this.state.markets.get(symbol)
    if (market === undefined) return []
    const query = { interval, limit, from, to, now: this.state.now }
    return makeKlines(market.rules, market.tape.bars, query)
  }

  premiumIndex(symbol: string): PremiumIndex | null {
    const market = this.state.markets.get(symbol)
    return market === undefined ? null : premiumOf(market, this.state.now)
  }

  fundingRates(symbol: string): readonly FundingRateRow[] {
    return [...(this.state.markets.get(symbol)?.fundingRates ?? [])]
  }

  /** Null also before the first trade. */
  dayTicker(symbol: string): DayTicker | null {
    const market = this.state.markets.get(symbol)
    if (market === undefined) return null
    return makeDayTicker(market.rules, market.tape.bars, market.tape.last, this.state.now)
  }

  /** Long lots of accounts, the fund and the market, in the base asset: equal to the short ones. */
  openInterest(symbol: string): string | null {
    const market = this.state.markets.get(symbol)
    if (market === undefined) return null
    let lots = Math.max(0, market.outside.lots) + Math.max(0, market.fund.lots)
    for (const account of market.holders)
      for (const holding of account.stakes.get(symbol)?.holdings ?? [])
        lots += Math.max(0, holding.lots)
    return stepsToDecimal(lots, market.rules.lot)
  }

  // ---- Audit ----

  /** All the money there is, at the marks. */
  money(): MoneyView {
    return countMoney(this.state)
  }
}

const hasOpenOrders = (holding: Holding): boolean => {
  for (const order of holding.stake.open) if (order.holding === holding) return true
  return false
}

const instrumentOf = ({ rules, status }: SymbolMarket): ExchangeInstrument => ({
  ...rules.instrument,
  status,
})
