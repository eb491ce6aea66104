import { ZERO, shareOf, type Dec } from '@tapedeck/core'
import type { IncomeRow } from './account-types.ts'
import type { ClientOrder } from '../orders/client-order.ts'
import type { ConditionalOrder } from '../conditional/conditional-order.ts'
import type { FeeAsset } from './fee-asset.ts'
import { Stake } from './holding.ts'
import type { OrderKey, UserTrade } from '../orders/order-types.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/** Closed orders, trades and income rows that an account remembers; the oldest are forgotten. */
const KEPT_MAX = 50_000

const remember = <T>(rows: T[], row: T): void => {
  rows.push(row)
  if (rows.length > KEPT_MAX + KEPT_MAX / 10) rows.splice(0, rows.length - KEPT_MAX)
}

const inSymbol = (symbol: string, id: string | number): string => `${symbol}|${id}`

/** A client of the exchange: wallet, settings, orders, history. */
export class AccountState {
  readonly id: string
  readonly openedAt: number
  readonly makerFeePercent: number
  readonly takerFeePercent: number
  /** The same as shares of one. */
  readonly makerShare: Dec
  readonly takerShare: Dec
  /** All that was deposited, realized, paid and received. */
  wallet: Dec = ZERO
  /** What commissions are paid with; null: the margin asset alone. */
  feeAsset: FeeAsset | null = null
  hedgeMode = false
  restricted = false
  /** A margin call was told and not yet taken back. */
  marginCalled = false
  updatedAt: number
  readonly stakes = new Map<string, Stake>()
  readonly conditionals = new Map<number, ConditionalOrder>()
  readonly openConditionals = new Set<ConditionalOrder>()
  /** Deadline of `countdownCancelAll`, by symbol. */
  readonly countdowns = new Map<string, number>()
  readonly trades: UserTrade[] = []
  readonly income: IncomeRow[] = []
  readonly #orders = new Map<string, ClientOrder>()
  readonly #byClientId = new Map<string, ClientOrder>()

  constructor(
    id: string,
    given: {
      readonly at: number
      readonly makerFeePercent: number
      readonly takerFeePercent: number
    },
  ) {
    this.id = id
    this.openedAt = given.at
    this.updatedAt = given.at
    this.makerFeePercent = given.makerFeePercent
    this.takerFeePercent = given.takerFeePercent
    this.makerShare = shareOf(given.makerFeePercent)
    this.takerShare = shareOf(given.takerFeePercent)
  }

  stake(market: SymbolMarket, leverage: number): Stake {
    const { symbol } = market.rules
    const known = this.stakes.get(symbol)
    if (known !== undefined) return known
    const made = new Stake(market, leverage)
    this.stakes.set(symbol, made)
    return made
  }

  addOrder(order: ClientOrder): void {
    this.rememberOrder(order)
    order.holding.stake.open.add(order)
    if (this.#orders.size > KEPT_MAX) this.#forgetOldest()
  }

  /** One that may be over. */
  rememberOrder(order: ClientOrder): void {
    const { symbol } = order.market.rules
    this.#orders.set(inSymbol(symbol, order.orderId), order)
    this.#byClientId.set(inSymbol(symbol, order.clientOrderId), order)
  }

  /** Forgets a tenth of the orders, oldest first; open ones stay. */
  #forgetOldest(): void {
    let left = KEPT_MAX / 10
    for (const [key, order] of this.#orders) {
      if (left-- <= 0) return
      if (order.holding.stake.open.has(order)) continue
      this.#orders.delete(key)
      this.#forgetClientId(order)
    }
  }

  /** Its client id names an older order that is still open, or nothing any more. */
  #forgetClientId(order: ClientOrder): void {
    const client = inSymbol(order.market.rules.symbol, order.clientOrderId)
    if (this.#byClientId.get(client) !== order) return
    this.#byClientId.delete(client)
    for (const open of order.holding.stake.open)
      if (open.clientOrderId === order.clientOrderId) this.#byClientId.set(client, open)
  }

  /** By client id: the latest of that id, which is the open one where there is one. */
  findOrder(symbol: string, key: OrderKey): ClientOrder | undefined {
    return 'orderId' in key
      ? this.#orders.get(inSymbol(symbol, key.orderId))
      : this.#byClientId.get(inSymbol(symbol, key.clientOrderId))
  }

  /** Oldest first. */
  orders(): Iterable<ClientOrder> {
    return this.#orders.values()
  }

  addTrade(trade: UserTrade): void {
    remember(this.trades, trade)
  }

  addIncome(row: IncomeRow): void {
    remember(this.income, row)
  }

  addConditional(order: ConditionalOrder): void {
    this.conditionals.set(order.algoId, order)
    this.openConditionals.add(order)
    if (this.conditionals.size <= KEPT_MAX) return
    for (const [id, one] of this.conditionals)
      if (!this.openConditionals.has(one)) {
        this.conditionals.delete(id)
        return
      }
  }
}
