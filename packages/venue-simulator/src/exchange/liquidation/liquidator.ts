import { ZERO, maximum, minimum, type Dec } from '@tapedeck/core'
import { accountMargin, holdingMargin, type AccountMargin } from '../accounts/account-margin.ts'
import type { AccountState } from '../accounts/account-state.ts'
import { bankruptcyTicks } from './bankruptcy-price.ts'
import { isOpen, type ClientOrder } from '../orders/client-order.ts'
import { ClosingOrders } from '../orders/closing-orders.ts'
import { deleverageAgainst } from './deleverage.ts'
import { describeOrder } from '../orders/describe-order.ts'
import { endOrder } from '../orders/end-order.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { Holding, Stake } from '../accounts/holding.ts'
import { lotsBearable, payClearance, payDeficit } from './insurance-fund.ts'
import { callForMargin, crossStakes } from './margin-call.ts'
import type { MatchingDesk } from '../matching/matching-desk.ts'
import { lotsToLiquidate, type LiquidationTerms } from './partial-liquidation.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/**
 * Closings that the exchange makes by itself. Whatever the book does not take, the insurance fund does; what
 * the fund cannot bear, those who gained from it.
 */
export class Liquidator {
  readonly #state: ExchangeState
  readonly #closing: ClosingOrders

  constructor(state: ExchangeState, deskOf: (market: SymbolMarket) => MatchingDesk) {
    this.#state = state
    this.#closing = new ClosingOrders(state, deskOf)
  }

  /** Liquidates what an account can no longer carry, bracket by bracket. True when anything was. */
  check(account: AccountState): boolean {
    let acted = false
    for (const stake of account.stakes.values())
      if (stake.marginType === 'ISOLATED')
        for (const holding of stake.holdings)
          while (this.#isolatedIsDue(holding)) {
            this.#cancelOrders(account, [stake])
            this.#reduce(holding, account)
            acted = true
          }
    let margin = accountMargin(account)
    for (; this.#crossIsDue(margin); margin = accountMargin(account)) {
      const holding = this.#heaviest(account)
      if (holding === null) break
      this.#cancelOrders(account, crossStakes(account))
      this.#reduce(holding, account)
      acted = true
    }
    this.#coverDeficit(account, margin)
    callForMargin(this.#state, account, margin)
    return acted
  }

  #isolatedIsDue(holding: Holding): boolean {
    if (holding.isFlat) return false
    const { unrealized, maintenance } = holdingMargin(holding)
    return holding.isolatedWallet.plus(unrealized).lt(maintenance)
  }

  #crossIsDue({ crossWallet, crossUnrealized, crossMaintenance }: AccountMargin): boolean {
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
    for (const holding of stake.holdings)
      if (!holding.isFlat) this.#close(holding, account, Math.abs(holding.lots))
    this.#coverDeficit(account, accountMargin(account))
  }

  /** One step down: into a lower bracket, or out of the position where that is not to be had. */
  #reduce(holding: Holding, account: AccountState): void {
    const lots = lotsToLiquidate(holding, this.#termsOf(holding, account))
    const before = holding.lots
    this.#close(holding, account, lots)
    if (holding.lots === before) this.#close(holding, account, Math.abs(before))
  }

  #termsOf(holding: Holding, account: AccountState): LiquidationTerms {
    const { unrealized, maintenance } = holdingMargin(holding)
    if (holding.stake.marginType === 'ISOLATED')
      return { margin: holding.isolatedWallet.plus(unrealized), otherMaintenance: ZERO }
    const { crossWallet, crossUnrealized, crossMaintenance } = accountMargin(account)
    return {
      margin: crossWallet.plus(crossUnrealized),
      otherMaintenance: crossMaintenance.minus(maintenance),
    }
  }

  /**
   * Sends an order that closes lots into the book, at the price that uses up the margin. What the book does
   * not take of all the position is taken over; of a part of it, the order expires.
   */
  #close(holding: Holding, account: AccountState, lots: number): void {
    const isPart = lots < Math.abs(holding.lots)
    const ticks = bankruptcyTicks(holding, this.#termsOf(holding, account).margin)
    const owned = holding.isolatedWallet.minus(account.wallet)
    const order = this.#closing.open(holding, account, { origin: 'LIQUIDATION', lots, ticks })
    this.#closing.sweep(order)
    if (isPart) this.#closing.expireRest(order)
    else if (isOpen(order)) this.#takeOver(order, ticks)
    const isolated = holding.stake.marginType === 'ISOLATED'
    // What an isolated position frees stays with what is left of it.
    if (isolated && !holding.isFlat) holding.isolatedWallet = owned.plus(account.wallet)
    this.#chargeClearance(holding, account, order, owned.plus(account.wallet))
    this.#tellLiquidation(order)
  }

  #takeOver(order: ClientOrder, ticks: number): void {
    const { market, side, leaves } = order
    const lots = lotsBearable(this.#state, market, side === 'SELL' ? 1 : -1, leaves, ticks)
    this.#closing.giveTo(order, market.fund, lots, ticks)
    if (isOpen(order)) deleverageAgainst(this.#state, this.#closing, order, ticks)
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
    const left = isolated
      ? leftOfIsolated.plus(minimum(ZERO, holding.unrealized))
      : margin.crossWallet.plus(margin.crossUnrealized)
    const wanted = rules.tickLot.times(order.filledTickLots).times(rules.liquidationFee)
    const fee = maximum(ZERO, minimum(wanted, left)).toDecimalPlaces(8, ROUND_DOWN)
    const survivor = isolated && !holding.isFlat ? holding : null
    payClearance(this.#state, account, fee, rules.symbol, survivor)
  }

  /**
   * An account with nothing left to close owes nothing, however it closed: the fund pays what is missing.
   */
  #coverDeficit(account: AccountState, { crossWallet, crossMaintenance }: AccountMargin): void {
    if (crossMaintenance.isZero() && crossWallet.lt(0))
      payDeficit(this.#state, account, crossWallet.neg())
  }

  #tellLiquidation(order: ClientOrder): void {
    const view = describeOrder(order)
    if (order.filledTickLots === 0) return
    this.#state.log.tell(this.#state.now, {
      kind: 'liquidation',
      liquidation: {
        symbol: view.symbol,
        side: view.side,
        price: view.price,
        averagePrice: view.averagePrice,
        quantity: view.quantity,
        lastQuantity: order.account.trades.at(-1)?.quantity ?? '0',
        executedQuantity: view.executedQuantity,
        status: order.leaves === 0 ? 'FILLED' : 'EXPIRED',
        time: this.#state.now,
      },
    })
  }

  /** Closes lots of a position at a price against the insurance fund. */
  deleverage(holding: Holding, account: AccountState, lots: number, ticks: number): void {
    const order = this.#closing.open(holding, account, { origin: 'DELEVERAGING', lots, ticks })
    this.#closing.giveTo(order, order.market.fund, lots, ticks)
  }

  /** Closes a position of a symbol that is delisted, against the outside market. */
  settle(holding: Holding, account: AccountState, ticks: number): void {
    const lots = Math.abs(holding.lots)
    const order = this.#closing.open(holding, account, { origin: 'SETTLEMENT', lots, ticks })
    this.#closing.giveTo(order, order.market.outside, lots, ticks)
  }
}

/** Nothing is charged that is not there. */
const ROUND_DOWN = 1
