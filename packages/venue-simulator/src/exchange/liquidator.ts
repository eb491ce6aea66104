import { ZERO, maximum, minimum, type Dec } from '@tapedeck/core'
import { accountMargin, holdingMargin } from './account-margin.ts'
import type { AccountState } from './account-state.ts'
import { bookFill, writeIncome } from './book-fill.ts'
import { isOpen, type ClientOrder, type OrderOrigin } from './client-order.ts'
import { balanceChange } from './describe-account.ts'
import { describeOrder } from './describe-order.ts'
import { endOrder } from './end-order.ts'
import type { ExchangeState } from './exchange-state.ts'
import type { Holding, Stake } from './holding.ts'
import { callForMargin, crossStakes } from './margin-call.ts'
import type { MatchingDesk } from './matching-desk.ts'
import { makeOrder } from './order-desk.ts'
import { publishTrade } from './publish.ts'
import type { SymbolMarket } from './symbol-market.ts'

const PREFIX: Readonly<Record<Exclude<OrderOrigin, 'CLIENT'>, string>> = {
  LIQUIDATION: 'autoclose-',
  DELEVERAGING: 'adl_autoclose-',
  SETTLEMENT: 'settlement_autoclose-',
}

/** Closings that the exchange makes by itself. Whatever the book does not take, the insurance fund does. */
export class Liquidator {
  readonly #state: ExchangeState
  readonly #deskOf: (market: SymbolMarket) => MatchingDesk

  constructor(state: ExchangeState, deskOf: (market: SymbolMarket) => MatchingDesk) {
    this.#state = state
    this.#deskOf = deskOf
  }

  /** Liquidates what an account can no longer carry. True when anything was. */
  check(account: AccountState): boolean {
    let acted = false
    for (const stake of account.stakes.values())
      if (stake.marginType === 'ISOLATED')
        for (const holding of stake.holdings)
          if (this.#isolatedIsDue(holding)) {
            this.#cancelOrders(account, [stake])
            this.#close(holding, account)
            acted = true
          }
    while (this.#crossIsDue(account)) {
      const holding = this.#heaviest(account)
      if (holding === null) break
      this.#cancelOrders(account, crossStakes(account))
      this.#close(holding, account)
      acted = true
    }
    this.#coverDeficit(account)
    callForMargin(this.#state, account)
    return acted
  }

  #isolatedIsDue(holding: Holding): boolean {
    if (holding.isFlat) return false
    const { unrealized, maintenance } = holdingMargin(holding)
    return holding.isolatedWallet.plus(unrealized).lt(maintenance)
  }

  #crossIsDue(account: AccountState): boolean {
    const { crossWallet, crossUnrealized, crossMaintenance } = accountMargin(account)
    return crossMaintenance.gt(0) && crossWallet.plus(crossUnrealized).lt(crossMaintenance)
  }

  #heaviest(account: AccountState): Holding | null {
    let heaviest: Holding | null = null
    let most = ZERO
    for (const stake of crossStakes(account))
      for (const holding of stake.holdings) {
        if (holding.isFlat) continue
        const { maintenance } = holdingMargin(holding)
        if (heaviest !== null && maintenance.lte(most)) continue
        heaviest = holding
        most = maintenance
      }
    return heaviest
  }

  #cancelOrders(account: AccountState, stakes: Iterable<Stake>): void {
    for (const stake of stakes)
      for (const order of account.stakes.get(stake.market.rules.symbol)!.open)
        endOrder(this.#state, order, 'EXPIRED', 5)
  }

  /** Liquidates all of an account's positions in a symbol, whatever its margin. */
  force(account: AccountState, stake: Stake): void {
    this.#cancelOrders(account, [stake])
    for (const holding of stake.holdings) if (!holding.isFlat) this.#close(holding, account)
    this.#coverDeficit(account)
  }

  /** Sends a closing order into the book at the price that uses up the margin; the rest goes to the fund. */
  #close(holding: Holding, account: AccountState): void {
    const { market } = holding.stake
    const ticks = this.#bankruptcyTicks(holding, account)
    const owned = holding.isolatedWallet.minus(account.wallet)
    const order = this.#closingOrder(holding, account, 'LIQUIDATION', ticks)
    const desk = this.#deskOf(market)
    desk.announce(this.#state, order)
    desk.sweep(this.#state, order)
    if (isOpen(order)) this.#giveTo(order, market.fund, ticks)
    this.#chargeClearance(holding, account, order, owned.plus(account.wallet))
    this.#tellLiquidation(order)
  }

  /**
   * Where closing leaves nothing of the margin: mark - backing / quantity, rounded so that nothing is
   * missing. Not further from the mark than limits may be, so that one who was liquidated on demand keeps
   * what is not lost.
   */
  #bankruptcyTicks(holding: Holding, account: AccountState): number {
    const { market, marginType } = holding.stake
    const { rules } = market
    const mark = market.markPrice ?? rules.tickSize
    const margin = accountMargin(account)
    const backing =
      marginType === 'ISOLATED'
        ? holding.isolatedWallet.plus(holding.unrealized(market.markPrice))
        : margin.crossWallet.plus(margin.crossUnrealized)
    const exact = mark.minus(backing.div(rules.lotSize.times(holding.lots)))
    const isLong = holding.lots > 0
    const price = isLong
      ? maximum(exact, mark.times(rules.multiplierDown))
      : minimum(exact, mark.times(rules.multiplierUp))
    const ticks = price.div(rules.tickSize)
    return Math.max(1, (isLong ? ticks.ceil() : ticks.floor()).toNumber())
  }

  #closingOrder(
    holding: Holding,
    account: AccountState,
    origin: Exclude<OrderOrigin, 'CLIENT'>,
    ticks: number,
    lots = Math.abs(holding.lots),
  ): ClientOrder {
    const { market } = holding.stake
    const id = this.#state.takeId()
    return makeOrder(
      this.#state,
      {
        account,
        market,
        holding,
        side: holding.lots > 0 ? 'SELL' : 'BUY',
        positionSide: holding.side,
        type: 'LIMIT',
        timeInForce: 'IOC',
        lots,
        priceTicks: ticks,
        clientOrderId: null,
        reduceOnly: true,
        priceMatch: 'NONE',
        selfTradePrevention: 'NONE',
        goodTillDate: 0,
      },
      { origin, clientOrderId: `${PREFIX[origin]}${id}` },
    )
  }

  /** Closes what is left of an order against the fund, or against the outside market, off the tape. */
  #giveTo(order: ClientOrder, to: SymbolMarket['fund'], ticks: number): void {
    const { market, side, leaves: lots } = order
    to.trade(side === 'BUY' ? 'SELL' : 'BUY', lots, ticks)
    const print = { ticks, lots, buyerIsMaker: side === 'SELL', excluded: true }
    const tradeId = publishTrade(this.#state, market, print)
    bookFill(this.#state, order, { lots, ticks, tradeId, liquidity: 'TAKER' })
  }

  /** The liquidation fee, as far as there is margin for it, goes to the insurance fund. */
  #chargeClearance(
    holding: Holding,
    account: AccountState,
    order: ClientOrder,
    leftOfIsolated: Dec,
  ): void {
    const { rules } = order.market
    const margin = accountMargin(account)
    const isolated = holding.stake.marginType === 'ISOLATED'
    const left = isolated ? leftOfIsolated : margin.crossWallet.plus(margin.crossUnrealized)
    const wanted = rules.tickLot.times(order.filledTickLots).times(rules.liquidationFee)
    const fee = maximum(ZERO, minimum(wanted, left)).toDecimalPlaces(8)
    this.#payFund(account, fee, rules.symbol)
  }

  #payFund(account: AccountState, amount: Dec, symbol: string): void {
    if (amount.isZero()) return
    account.wallet = account.wallet.minus(amount)
    account.updatedAt = this.#state.now
    this.#state.house.insurance = this.#state.house.insurance.plus(amount)
    writeIncome(this.#state, account, {
      type: 'INSURANCE_CLEAR',
      symbol,
      amount: amount.neg(),
      info: 'INSURANCE_CLEAR',
      tradeId: null,
    })
    this.#state.log.tell(this.#state.now, {
      kind: 'balance',
      account: account.id,
      cause: 'INSURANCE_CLEAR',
      balances: [balanceChange(account, this.#state.asset, amount.neg())],
      positions: [],
      symbol: null,
    })
  }

  /**
   * An account with nothing left to close owes nothing, however it closed: the fund pays what is missing.
   */
  #coverDeficit(account: AccountState): void {
    const { crossWallet, crossMaintenance } = accountMargin(account)
    if (crossMaintenance.isZero() && crossWallet.lt(0)) this.#payFund(account, crossWallet, '')
  }

  #tellLiquidation(order: ClientOrder): void {
    const view = describeOrder(order)
    const last = order.account.trades.at(-1)
    this.#state.log.tell(this.#state.now, {
      kind: 'liquidation',
      liquidation: {
        symbol: view.symbol,
        side: view.side,
        price: view.price,
        averagePrice: view.averagePrice,
        quantity: view.quantity,
        lastQuantity: last?.quantity ?? '0',
        executedQuantity: view.executedQuantity,
        status: 'FILLED',
        time: this.#state.now,
      },
    })
  }

  /** Closes lots of a position at a price against the insurance fund. */
  deleverage(holding: Holding, account: AccountState, lots: number, ticks: number): void {
    this.#closeOff(holding, account, 'DELEVERAGING', lots, ticks)
  }

  /** Closes a position of a symbol that is delisted. */
  settle(holding: Holding, account: AccountState, ticks: number): void {
    this.#closeOff(holding, account, 'SETTLEMENT', Math.abs(holding.lots), ticks)
  }

  #closeOff(
    holding: Holding,
    account: AccountState,
    origin: 'DELEVERAGING' | 'SETTLEMENT',
    lots: number,
    ticks: number,
  ): void {
    const { market } = holding.stake
    const order = this.#closingOrder(holding, account, origin, ticks, lots)
    this.#deskOf(market).announce(this.#state, order)
    this.#giveTo(order, origin === 'SETTLEMENT' ? market.outside : market.fund, ticks)
    this.#state.touched.add(market)
  }
}
