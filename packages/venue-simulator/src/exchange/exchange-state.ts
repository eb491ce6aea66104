import type { AccountState } from './accounts/account-state.ts'
import { EventLog } from './event-log.ts'
import type { ExchangeHooks } from './exchange-options.ts'
import type { ClientOrder } from './orders/client-order.ts'
import type { ConditionalOrder } from './conditional/conditional-order.ts'
import type { Holding } from './accounts/holding.ts'
import type { House } from './accounts/house.ts'
import type { SymbolMarket } from './market/symbol-market.ts'
import { Timers } from './timers.ts'

export type DefaultFees = {
  readonly makerFeePercent: number
  readonly takerFeePercent: number
}

/** Everything that an exchange is; its desks share it. */
export class ExchangeState {
  now: number
  readonly asset: string
  readonly leverage: number
  /** Percent, of accounts that say nothing of theirs. */
  readonly fees: DefaultFees
  readonly maxConditionals: number
  readonly hooks: ExchangeHooks
  readonly house: House
  readonly markets = new Map<string, SymbolMarket>()
  readonly accounts = new Map<string, AccountState>()
  readonly log: EventLog
  readonly timers = new Timers()
  /** Symbols whose book, tape or mark changed since the last aftermath. */
  readonly touched = new Set<SymbolMarket>()
  /** Positions that changed and whose orders have not been looked at. */
  readonly changed = new Set<Holding>()
  /** Accounts whose margin may no longer hold. */
  readonly recheck = new Set<AccountState>()
  /** Conditional orders whose order ended and which have not been told so. */
  readonly finishing: ConditionalOrder[] = []
  #nextId: number

  constructor(given: {
    readonly now: number
    readonly asset: string
    readonly leverage: number
    readonly fees: DefaultFees
    readonly maxConditionals: number
    readonly hooks: ExchangeHooks
    readonly house: House
    readonly firstId: number
    /** Absent: nothing was told yet. */
    readonly log?: EventLog
  }) {
    this.now = given.now
    this.asset = given.asset
    this.leverage = given.leverage
    this.fees = given.fees
    this.log = given.log ?? new EventLog()
    this.maxConditionals = given.maxConditionals
    this.hooks = given.hooks
    this.house = given.house
    this.#nextId = given.firstId
  }

  /** An order is over; a conditional order that it was is to be finished. */
  ended(order: ClientOrder): void {
    order.holding.stake.open.delete(order)
    if (order.triggered === null) return
    const conditional = order.account.conditionals.get(order.triggered.algoId)
    if (conditional !== undefined) this.finishing.push(conditional)
  }

  /** What `takeId` gives next. */
  get nextId(): number {
    return this.#nextId
  }

  /** Ids of conditional orders and of movements of money. */
  takeId(): number {
    return this.#nextId++
  }
}
