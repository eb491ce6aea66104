import type { Json } from '../decider.ts'
import type { PortfolioView, StrategyOrder } from '../strategy/index.ts'
import {
  accountContext,
  filtersContext,
  marketContext,
  positionContext,
  type AccountState,
  type Sight,
} from './contexts.ts'
import { breakoutOf, evaluateFilters, type SignalOutcome } from './decisions.ts'
import { sizeUnit, triggerOf, type Direction, type Sizing, type TurtleSystem } from './formulas.ts'
import type { TurtleRules } from './rules.ts'
import type { TurtleAccount } from './turtle-account.ts'
import type { TurtleDesk } from './turtle-desk.ts'
import type { TurtleLog } from './turtle-event.ts'
import { lotsOf, type PendingUnit } from './turtle-position.ts'

type Signal = { readonly system: TurtleSystem; readonly direction: Direction }
type Context = { readonly [key: string]: Json }

const NOTHING: readonly StrategyOrder[] = []
const BREAKOUTS: Readonly<Record<TurtleSystem, SignalOutcome>> = {
  S1: 'breakout_20',
  S2: 'breakout_55',
}

/** Breakouts, further units, and what both are filtered and sized by. */
export class TurtleEntries {
  readonly #rules: TurtleRules
  readonly #account: TurtleAccount
  readonly #log: TurtleLog

  constructor(rules: TurtleRules, account: TurtleAccount, log: TurtleLog) {
    this.#rules = rules
    this.#account = account
    this.#log = log
  }

  /** Looks for breakouts; at most one order, S1 before S2. */
  scan(desk: TurtleDesk, sight: Sight, portfolio: PortfolioView): readonly StrategyOrder[] {
    const { channels, n, at, price } = sight
    if (channels === null || n === null) return NOTHING
    const { market } = desk
    market.followS1(at, price, channels.s1Exit)
    const s1 = this.#s1Breakout(desk, sight)
    const s2 = this.#wanted(breakoutOf(price, channels.s2Entry), 's1')
    const s1Signal = this.#wanted(s1, 's2')
    const orders: StrategyOrder[] = []
    if (!portfolio.warmingUp) {
      if (s1Signal !== null)
        orders.push(...this.#signal(desk, sight, portfolio, { system: 'S1', direction: s1Signal }))
      const taken = orders.length > 0
      if (s2 !== null)
        orders.push(
          ...this.#signal(
            desk,
            sight,
            portfolio,
            { system: 'S2', direction: s2 },
            taken && s1Signal === s2,
          ),
        )
      if (s1Signal === null && s2 === null && this.#rules.recordAll) this.#recordNone(desk, sight)
    }
    if (s1 !== null) market.enterS1(s1, at, price, n.value)
    return orders
  }

  /** With rule 7 in force only a fresh breakout counts, one that the S1 rules are not in already. */
  #s1Breakout(desk: TurtleDesk, sight: Sight): Direction | null {
    const direction = breakoutOf(sight.price, sight.channels?.s1Entry ?? null)
    if (direction === null || !this.#rules.s1Filter) return direction
    return direction === desk.market.shadowDirection ? null : direction
  }

  #wanted(direction: Direction | null, unless: 's1' | 's2'): Direction | null {
    const { systems, direction: sides } = this.#rules
    if (systems === unless || direction === null) return null
    return sides === 'both' || sides === direction.toLowerCase() ? direction : null
  }

  #recordNone(desk: TurtleDesk, sight: Sight): void {
    this.#log.add({
      type: 'signal_detected',
      outcome: 'no_breakout',
      reason: 'the price is within the channels, or S1 is in this breakout already',
      at: sight.at,
      symbol: desk.symbol,
      source: 'scanner',
      context: { market: marketContext(sight, this.#rules) },
    })
  }

  #signal(
    desk: TurtleDesk,
    sight: Sight,
    portfolio: PortfolioView,
    { system, direction }: Signal,
    s1_taken = false,
  ): readonly StrategyOrder[] {
    const rules = this.#rules
    const channel = (system === 'S1' ? sight.channels?.s1Entry : sight.channels?.s2Entry)!
    const trigger_price = direction === 'LONG' ? channel.high : channel.low
    const state = this.#account.stateOf(portfolio, desk)
    const common = { at: sight.at, symbol: desk.symbol, source: 'scanner' as const }
    const market = marketContext(sight, rules)
    const signal: Context = {
      direction,
      system,
      trigger_price,
      signal_price: sight.price,
      channel_period: channel.period,
      correlation_group: desk.group,
    }
    this.#log.add({
      ...common,
      type: 'signal_detected',
      outcome: BREAKOUTS[system],
      reason: `${sight.price} is beyond ${trigger_price}, the extreme of ${channel.period} days`,
      context: { market, signal },
    })
    const input = this.#account.filterInput(desk, { system, direction, s1_taken })
    const filters = evaluateFilters(input, 'entry')
    const account = accountContext(state, rules)
    this.#log.add({
      ...common,
      type: 'signal_evaluated',
      outcome: filters.outcome,
      reason: filters.results.find(({ passed }) => !passed)?.reason ?? 'all filters passed',
      context: { market, account, signal, filters: filtersContext(input, filters, 'entry') },
    })
    if (!filters.all_passed) return NOTHING
    return this.#attempt(desk, sight, state, { system, direction }, { market, account, signal })
  }

  /** Another unit, once the price is far enough. */
  pyramid(desk: TurtleDesk, sight: Sight, portfolio: PortfolioView): readonly StrategyOrder[] {
    const rules = this.#rules
    const { system, direction } = desk.position!
    const input = this.#account.filterInput(desk, { system, direction, s1_taken: false })
    const filters = evaluateFilters(input, 'pyramid')
    const state = this.#account.stateOf(portfolio, desk)
    const context = {
      market: marketContext(sight, rules),
      account: accountContext(state, rules),
      position: positionContext(desk.position!, sight.price, desk.lotSize, rules),
      filters: filtersContext(input, filters, 'pyramid'),
    }
    if (filters.all_passed) return this.#attempt(desk, sight, state, { system, direction }, context)
    this.#log.add({
      type: 'pyramid_attempted',
      outcome: filters.outcome,
      reason: filters.results.find(({ passed }) => !passed)!.reason,
      at: sight.at,
      symbol: desk.symbol,
      source: 'monitor',
      context,
    })
    return NOTHING
  }

  #attempt(
    desk: TurtleDesk,
    sight: Sight,
    state: AccountState,
    { system, direction }: Signal,
    context: Context,
  ): readonly StrategyOrder[] {
    const rules = this.#rules
    const level = (desk.position?.units.length ?? 0) + 1
    const sizing = sizeUnit({
      price: sight.price,
      n_value: sight.n!.value,
      equity_actual: state.drawdown.equity_actual,
      equity_notional: state.drawdown.equity_notional,
      system,
      direction,
      risk_percent: rules.riskPercent,
      stop_multiplier: rules.stopMultiplier,
      point_value: rules.pointValue,
      atr_period: rules.nPeriod,
      lot_size: desk.lotSize,
    })
    const refusal = this.#refusal(sizing, state)
    const pending: PendingUnit = { id: desk.nextId(), level, direction, system, n: sight.n!.value }
    this.#log.add({
      type: level === 1 ? 'entry_attempted' : 'pyramid_attempted',
      outcome: refusal === null ? 'submitted' : 'insufficient_cash',
      reason: refusal ?? `market order for the next bar, unit ${level}`,
      at: sight.at,
      symbol: desk.symbol,
      source: level === 1 ? 'scanner' : 'monitor',
      context: {
        ...context,
        sizing: this.#sizingContext(sizing),
        ...(level === 1 ? {} : { pyramid: this.#pyramidContext(desk, sight, sizing) }),
        order: {
          order_id: pending.id,
          order_type: 'MARKET',
          action: direction === 'LONG' ? 'BUY' : 'SELL',
          submitted_at: sight.at,
          expected_price: sight.price,
        },
      },
    })
    if (refusal !== null) return NOTHING
    desk.pending = pending
    const size =
      rules.sizing === 'unit'
        ? { lots: sizing.lots }
        : {
            quote: (this.#account.capital * rules.allocationPercent) / 100,
            rounding: rules.rounding,
          }
    return [
      {
        action: 'enter',
        id: pending.id,
        symbol: desk.symbol,
        side: direction === 'LONG' ? 'BUY' : 'SELL',
        type: 'market',
        ticks: null,
        size,
        stopTicks: null,
        targetTicks: null,
        reason: `${system} unit ${level}`,
      },
    ]
  }

  #refusal({ lots, position_value }: Sizing, { buying_power }: AccountState): string | null {
    if (this.#rules.sizing === 'all_capital') return null
    if (lots === 0) return 'a unit floors to nothing'
    return position_value > buying_power
      ? `buying power ${buying_power} < required ${position_value}`
      : null
  }

  #sizingContext(sizing: Sizing): Context {
    if (this.#rules.sizing === 'unit') return { mode: 'unit', ...sizing }
    const { capital } = this.#account
    const { allocationPercent } = this.#rules
    const quote = (capital * allocationPercent) / 100
    return {
      mode: 'all_capital',
      ...sizing,
      lots: null,
      contracts: null,
      capital,
      allocation_percent: allocationPercent,
      quote,
      calculation: `${capital} × ${allocationPercent} % = ${quote}, bought at the price of the fill`,
    }
  }

  #pyramidContext(desk: TurtleDesk, sight: Sight, sizing: Sizing): Context {
    const position = desk.position!
    const last = position.units.at(-1)!
    const trigger = {
      direction: position.direction,
      last_entry_price: last.entry_price,
      n_at_last_entry: last.n_at_entry,
      pyramid_interval: this.#rules.pyramidInterval,
    }
    const { price, calculation } = triggerOf(trigger)
    const before = Number((lotsOf(position) * desk.lotSize).toPrecision(12))
    return {
      ...trigger,
      level: last.level + 1,
      trigger_price: price,
      current_price: sight.price,
      trigger_calculation: calculation,
      n_current: sizing.n_value,
      new_contracts: sizing.contracts,
      contracts_before: before,
      contracts_after: Number((before + sizing.contracts).toPrecision(12)),
      units_after: last.level + 1,
      max_units: this.#rules.maxUnitsMarket,
      stop_before: position.stop,
    }
  }
}
