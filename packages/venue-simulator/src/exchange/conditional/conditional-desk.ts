import type { AccountState } from '../accounts/account-state.ts'
import { capReduceOnly } from '../orders/cap-reduce-only.ts'
import { checkTriggered } from '../orders/check-order.ts'
import { showPrice, type ConditionalOrder } from './conditional-order.ts'
import { describeConditional } from '../orders/describe-order.ts'
import { endOrder } from '../orders/end-order.ts'
import type { TriggerOutcome } from '../exchange-options.ts'
import { findConditional } from './find-conditional.ts'
import type { ExchangeState } from '../exchange-state.ts'
import { matchPrice } from '../matching/match-price.ts'
import type { MatchingDesk } from '../matching/matching-desk.ts'
import { makeOrder } from '../orders/order-desk.ts'
import type {
  ConditionalKey,
  ConditionalStatus,
  ConditionalView,
  NewConditional,
} from '../orders/order-types.ts'
import { becomesLimit, readConditional, workingTicks } from './read-conditional.ts'
import type { ReadOrder } from '../orders/read-order.ts'
import { accept, refuse, type ExchangeResult } from '../refusal.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

const REJECTED = 'Order was rejected by the matching engine.'

/**
 * Conditional orders: they wait for a price, then become an order of the same client id. What is over stays
 * known; `armed` of a market holds those that wait.
 */
export class ConditionalDesk {
  readonly #state: ExchangeState
  readonly #deskOf: (market: SymbolMarket) => MatchingDesk

  constructor(state: ExchangeState, deskOf: (market: SymbolMarket) => MatchingDesk) {
    this.#state = state
    this.#deskOf = deskOf
  }

  place(account: AccountState, order: NewConditional): ExchangeResult<ConditionalOrder> {
    const read = readConditional(this.#state, account, order)
    if (!read.ok) return read
    const made = read.value
    account.addConditional(made)
    made.market.armed.add(made)
    this.#tell(made)
    if (made.type === 'TRAILING_STOP_MARKET' && made.activateTicks === null) {
      const ticks = workingTicks(made.market, made.workingType)
      if (ticks !== null) showPrice(made, ticks, () => this.#tell(made))
    }
    if (made.goodTillDate > 0)
      this.#state.timers.set({
        at: made.goodTillDate,
        kind: 'conditional_good_till',
        account: account.id,
        algoId: made.algoId,
      })
    return accept(made)
  }

  #tell(one: ConditionalOrder): void {
    this.#state.log.tell(this.#state.now, {
      kind: 'conditional',
      account: one.account.id,
      conditional: describeConditional(one),
    })
  }

  #move(one: ConditionalOrder, status: ConditionalStatus, reason = ''): void {
    one.status = status
    one.reason = reason
    one.updatedAt = this.#state.now
    if (status !== 'NEW') one.market.armed.delete(one)
    const isOver = status !== 'NEW' && status !== 'TRIGGERING' && status !== 'TRIGGERED'
    if (isOver || status === 'TRIGGERED') one.account.openConditionals.delete(one)
    this.#tell(one)
  }

  cancel(account: AccountState, key: ConditionalKey): ExchangeResult<ConditionalOrder> {
    const one = findConditional(account, key)
    if (one?.status === 'TRIGGERING')
      return refuse('CONDITIONAL_TRIGGERING', `conditional order ${one.algoId} is triggering`)
    if (one?.status !== 'NEW')
      return refuse('CONDITIONAL_UNKNOWN', `no open conditional order ${JSON.stringify(key)}`)
    this.#move(one, 'CANCELED')
    return accept(one)
  }

  cancelAll(account: AccountState, symbol: string): ExchangeResult<readonly ConditionalView[]> {
    if (!this.#state.markets.has(symbol)) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
    const waiting = [...account.openConditionals].filter(
      ({ market, status }) => market.rules.symbol === symbol && status === 'NEW',
    )
    for (const one of waiting) this.#move(one, 'CANCELED')
    return accept(waiting.map(describeConditional))
  }

  /** The exchange ends a conditional order by itself. */
  expire(one: ConditionalOrder, reason: string): void {
    if (one.status === 'NEW') this.#move(one, 'EXPIRED', reason)
  }

  /** Shows the market's new prices to what waits for them. True when something was triggered. */
  observe(market: SymbolMarket): boolean {
    const prices = market.unseen
    market.unseen = []
    const markTicks = market.markMoved ? workingTicks(market, 'MARK_PRICE') : null
    market.markMoved = false
    if (market.armed.size === 0) return false
    const reached: ConditionalOrder[] = []
    for (const one of market.armed) {
      const shown =
        one.workingType === 'MARK_PRICE' ? (markTicks === null ? [] : [markTicks]) : prices
      const isReached = shown.some((ticks) => showPrice(one, ticks, () => this.#tell(one)))
      if (isReached && !this.#isHeldBack(one)) reached.push(one)
    }
    for (const one of reached) if (one.status === 'NEW') this.#trigger(one)
    return reached.length > 0
  }

  /** Price protection: nothing triggers while mark and last price are too far from each other. */
  #isHeldBack({ priceProtect, market }: ConditionalOrder): boolean {
    if (!priceProtect || market.mark === null || market.lastTicks === null) return false
    const { price } = market.mark
    const gap = market.rules.tickSize.times(market.lastTicks).minus(price).abs()
    return gap.gt(price.times(market.rules.triggerProtect))
  }

  #trigger(one: ConditionalOrder): void {
    one.triggeredAt = this.#state.now
    this.#move(one, 'TRIGGERING')
    const view = describeConditional(one)
    const outcome = this.#state.hooks.onTrigger?.(one.account.id, view) ?? 'trigger'
    if (outcome !== 'stick') this.#proceed(one, outcome)
  }

  /** Lets one that is stuck in TRIGGERING go on. */
  resolve(
    account: AccountState,
    key: ConditionalKey,
    outcome: Exclude<TriggerOutcome, 'stick'>,
  ): ExchangeResult<ConditionalOrder> {
    const one = findConditional(account, key)
    if (one?.status !== 'TRIGGERING')
      return refuse('CONDITIONAL_UNKNOWN', `${JSON.stringify(key)}: not TRIGGERING`)
    this.#proceed(one, outcome)
    return accept(one)
  }

  #proceed(one: ConditionalOrder, outcome: Exclude<TriggerOutcome, 'stick'>): void {
    if (outcome === 'reject' || typeof outcome === 'object') {
      const reason = outcome === 'reject' ? REJECTED : outcome.reject
      this.#move(one, 'REJECTED', reason)
      return
    }
    if (outcome === 'expire') {
      this.#move(one, 'EXPIRED', 'The order was canceled by the system.')
      return
    }
    const read = this.#toOrder(one)
    if (read === null) {
      this.#move(one, 'EXPIRED', 'No position to close.')
      return
    }
    const desk = this.#deskOf(one.market)
    const refused = checkTriggered(read, desk)
    if (refused !== null) {
      this.#move(one, 'REJECTED', `${refused.refusal}: ${refused.detail}`)
      return
    }
    const order = makeOrder(this.#state, capReduceOnly(read), {
      triggered: {
        algoId: one.algoId,
        type: one.type,
        stopTicks: one.triggerTicks,
        activateTicks: one.activateTicks,
        callbackRate: one.callbackRate,
        workingType: one.workingType,
        priceProtect: one.priceProtect,
        closePosition: one.closePosition,
      },
    })
    one.order = order
    this.#move(one, 'TRIGGERED')
    if (outcome === 'trigger') desk.enter(this.#state, order)
    else {
      desk.announce(this.#state, order)
      endOrder(this.#state, order, 'CANCELED')
    }
  }

  /** The order that it becomes; null when it closes a position that is not there. */
  #toOrder(one: ConditionalOrder): ReadOrder | null {
    const { market, side, holding } = one
    const isLimit = becomesLimit(one.type)
    const lots = one.closePosition ? holding.position.reducible(side) : one.lots
    if (lots === 0) return null
    const matched = one.priceMatch === 'NONE' ? null : matchPrice(market, side, one.priceMatch)
    return {
      account: one.account,
      market,
      holding,
      side,
      positionSide: one.positionSide,
      type: isLimit ? 'LIMIT' : 'MARKET',
      timeInForce: one.timeInForce,
      lots,
      priceTicks: isLimit ? (one.priceTicks ?? matched ?? market.lastTicks) : null,
      clientOrderId: one.clientAlgoId,
      reduceOnly: one.reduceOnly || one.closePosition,
      priceMatch: one.priceMatch,
      selfTradePrevention: one.selfTradePrevention,
      goodTillDate: 0,
    }
  }

  /** Tells those whose order is over: FINISHED, with what it filled. */
  finish(): boolean {
    const ended = this.#state.finishing.splice(0)
    for (const one of ended) if (one.status === 'TRIGGERED') this.#move(one, 'FINISHED')
    return ended.length > 0
  }
}
