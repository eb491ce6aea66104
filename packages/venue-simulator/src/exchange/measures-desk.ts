import { decimalToSteps } from '@tapedeck/core'
import type { AccountState } from './accounts/account-state.ts'
import type { ConditionalDesk } from './conditional/conditional-desk.ts'
import { endOrder } from './orders/end-order.ts'
import type { SymbolStatus } from './exchange-instrument.ts'
import type { ExchangeState } from './exchange-state.ts'
import { chargeFunding } from './market/funding-desk.ts'
import type { Liquidator } from './liquidation/liquidator.ts'
import type { PositionSideName } from './orders/order-types.ts'
import { accept, refuse, type ExchangeResult } from './refusal.ts'
import type { SymbolMarket } from './market/symbol-market.ts'

export type Deleveraging = {
  readonly side?: PositionSideName
  /** Default: all of it. */
  readonly quantity?: string
  /** Default: the mark. */
  readonly price?: string
}

/** The mark on the nearest tick; null while there is none. */
const markTicks = ({ markPrice, rules }: SymbolMarket): number | null =>
  markPrice === null ? null : markPrice.div(rules.tickSize).round().toNumber()

/** What an exchange does to accounts and symbols because somebody wants to see it. */
export class MeasuresDesk {
  readonly #state: ExchangeState
  readonly #conditionals: ConditionalDesk
  readonly #liquidator: Liquidator

  constructor(state: ExchangeState, conditionals: ConditionalDesk, liquidator: Liquidator) {
    this.#state = state
    this.#conditionals = conditionals
    this.#liquidator = liquidator
  }

  #market(symbol: string): ExchangeResult<SymbolMarket> {
    const market = this.#state.markets.get(symbol)
    return market === undefined ? refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`) : accept(market)
  }

  liquidate(account: AccountState, symbol: string): ExchangeResult<null> {
    const market = this.#market(symbol)
    if (!market.ok) return market
    const stake = account.stakes.get(symbol)
    if (stake === undefined || stake.isFlat)
      return refuse('REDUCE_ONLY_REJECTED', `no position of ${symbol}`)
    this.#liquidator.force(account, stake)
    return accept(null)
  }

  deleverage(account: AccountState, symbol: string, given: Deleveraging): ExchangeResult<null> {
    const market = this.#market(symbol)
    if (!market.ok) return market
    const holding = account.stakes.get(symbol)?.holding(given.side ?? 'BOTH')
    if (holding === undefined || holding.isFlat)
      return refuse('REDUCE_ONLY_REJECTED', `no position of ${symbol}`)
    const { lot, tick } = market.value.rules
    const { quantity, price } = given
    const all = Math.abs(holding.lots)
    const lots = quantity === undefined ? all : decimalToSteps(quantity, lot)
    const ticks = price === undefined ? markTicks(market.value) : decimalToSteps(price, tick)
    if (lots === null || lots <= 0 || lots > all)
      return refuse('PARAMETER_MALFORMED', `quantity ${quantity ?? ''}: at most the position`)
    if (ticks === null || ticks <= 0)
      return refuse('PARAMETER_MALFORMED', `price ${price ?? ''}: expected on the tick`)
    this.#liquidator.deleverage(holding, account, lots, ticks)
    return accept(null)
  }

  /** Charges funding at the mark now, besides what falls due by itself. */
  fund(symbol: string, rate: number | undefined): ExchangeResult<null> {
    const found = this.#market(symbol)
    if (!found.ok) return found
    if (found.value.mark === null || (rate !== undefined && !Number.isFinite(rate)))
      return refuse('PARAMETER_MALFORMED', `rate ${rate ?? ''}: a number, and a mark price`)
    chargeFunding(this.#state, found.value, null, rate)
    return accept(null)
  }

  setStatus(symbol: string, status: SymbolStatus): ExchangeResult<null> {
    const found = this.#market(symbol)
    if (!found.ok) return found
    if (found.value.status === status) return accept(null)
    found.value.status = status
    this.#state.log.tell(this.#state.now, { kind: 'symbol_status', symbol, status })
    return accept(null)
  }

  settle(symbol: string): ExchangeResult<null> {
    const found = this.#market(symbol)
    if (!found.ok) return found
    const market = found.value
    const ticks = markTicks(market)
    for (const one of market.armed) this.#conditionals.expire(one, 'The symbol is delisted.')
    for (const account of this.#state.accounts.values()) {
      const stake = account.stakes.get(symbol)
      for (const order of stake?.open ?? []) endOrder(this.#state, order, 'EXPIRED', 7)
      for (const holding of stake?.holdings ?? [])
        if (!holding.isFlat && ticks !== null) this.#liquidator.settle(holding, account, ticks)
    }
    return this.setStatus(symbol, 'CLOSE')
  }
}
