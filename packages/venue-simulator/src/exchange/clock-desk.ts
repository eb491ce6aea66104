import type { AccountState } from './accounts/account-state.ts'
import type { ConditionalDesk } from './conditional/conditional-desk.ts'
import { endOrder } from './orders/end-order.ts'
import type { ExchangeState } from './exchange-state.ts'
import { chargeFunding, fundingDueAt } from './market/funding-desk.ts'
import type { OrderDesk } from './orders/order-desk.ts'
import { endAggregate } from './publish.ts'
import { accept, refuse, type ExchangeResult } from './refusal.ts'
import type { SymbolMarket } from './market/symbol-market.ts'
import type { Timer } from './timers.ts'

const COUNTDOWN_MS_MAX = 100_000_000

/** What happens because time goes by: funding, countdowns, good-till dates; each at its own time. */
export class ClockDesk {
  readonly #state: ExchangeState
  readonly #orders: OrderDesk
  readonly #conditionals: ConditionalDesk

  constructor(state: ExchangeState, orders: OrderDesk, conditionals: ConditionalDesk) {
    this.#state = state
    this.#orders = orders
    this.#conditionals = conditionals
  }

  /** Moves the clock to `time`; `settle` is called after each thing that fell due on the way. */
  advance(time: number, settle: () => void): void {
    const state = this.#state
    for (;;) {
      const funding = this.#nextFunding()
      const due = Math.min(state.timers.nextAt, funding.at)
      this.#endAggregates(Math.min(due, time))
      if (due > time) break
      state.now = Math.max(state.now, due)
      if (funding.market !== null && funding.at === due)
        chargeFunding(state, funding.market, funding.at)
      else this.#fire(state.timers.takeDue(due)!)
      settle()
    }
    state.now = Math.max(state.now, time)
  }

  /** Aggregates whose window is over by `time`, each told at its end. */
  #endAggregates(time: number): void {
    const over = [...this.#state.markets.values()]
      .filter(({ tape }) => tape.aggregateDue <= time)
      .toSorted((a, b) => a.tape.aggregateDue - b.tape.aggregateDue)
    for (const market of over) {
      this.#state.now = Math.max(this.#state.now, market.tape.aggregateDue)
      endAggregate(this.#state, market)
    }
  }

  #nextFunding(): { readonly at: number; readonly market: SymbolMarket | null } {
    let at = Infinity
    let next: SymbolMarket | null = null
    for (const market of this.#state.markets.values()) {
      const due = fundingDueAt(market)
      if (due >= at) continue
      at = due
      next = market
    }
    return { at, market: next }
  }

  #fire(timer: Timer): void {
    const account = this.#state.accounts.get(timer.account)
    if (account === undefined) return
    if (timer.kind === 'countdown') {
      if (account.countdowns.get(timer.symbol) !== timer.at) return
      account.countdowns.delete(timer.symbol)
      this.#orders.cancelAll(account, timer.symbol)
      if (this.#state.hooks.countdownTakesConditionals?.() === true)
        this.#conditionals.cancelAll(account, timer.symbol)
    } else if (timer.kind === 'good_till') {
      const order = account.findOrder(timer.symbol, { orderId: timer.orderId })
      if (order?.resting === true) endOrder(this.#state, order, 'EXPIRED')
    } else {
      const one = account.conditionals.get(timer.algoId)
      if (one !== undefined) this.#conditionals.expire(one, 'The good-till date is over.')
    }
  }

  /** Sets, moves or (0) ends the countdown of a symbol. */
  countDown(account: AccountState, symbol: string, countdownMs: number): ExchangeResult<null> {
    if (!this.#state.markets.has(symbol)) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
    if (!Number.isSafeInteger(countdownMs) || countdownMs < 0 || countdownMs > COUNTDOWN_MS_MAX)
      return refuse('PARAMETER_MALFORMED', `countdownTime ${countdownMs}: ms, 0 or more`)
    account.countdowns.delete(symbol)
    if (countdownMs === 0) return accept(null)
    const at = this.#state.now + countdownMs
    account.countdowns.set(symbol, at)
    this.#state.timers.set({ at, kind: 'countdown', account: account.id, symbol })
    return accept(null)
  }
}
