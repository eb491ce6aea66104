import type { Json } from '../decider.ts'
import type { Channel, FilterInput, Filters, LastS1Trade } from './decisions.ts'
import { nOf, triggerOf, type Drawdown } from './formulas.ts'
import type { TurtleRules } from './rules.ts'
import type { NValue } from './turtle-market.ts'
import { averageEntryOf, lotsOf, type TurtlePosition } from './turtle-position.ts'

type Context = { readonly [key: string]: Json }

/** What was seen: a price of the moment, N, the channels that count now. */
export type Sight = {
  readonly symbol: string
  readonly at: number
  readonly price: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly volume: number
  readonly n: NValue | null
  readonly channels: {
    readonly s1Entry: Channel | null
    readonly s2Entry: Channel | null
    readonly s1Exit: Channel | null
    readonly s2Exit: Channel | null
  } | null
}

/** The account as every decision states it. */
export type AccountState = {
  readonly drawdown: Drawdown
  readonly buying_power: number
  readonly units_long: number
  readonly units_short: number
  readonly units_by_market: Readonly<Record<string, number>>
  readonly units_by_group: Readonly<Record<string, number>>
}

const nContext = ({ value, at, prev_n, true_range }: NValue, rules: TurtleRules): Context => {
  const period = rules.nPeriod
  const seed = `mean of the first true ranges = ${value}`
  return {
    value,
    at,
    period,
    smoothing: 'wilders',
    prev_n,
    true_range,
    calculation: prev_n === null ? seed : nOf({ period, prev_n, true_range }).calculation,
  }
}

/** Market context of S1. Prices in the quote asset; null is not known yet. */
export const marketContext = (sight: Sight, rules: TurtleRules): Context => ({
  symbol: sight.symbol,
  price: sight.price,
  open: sight.open,
  high: sight.high,
  low: sight.low,
  volume: sight.volume,
  at: sight.at,
  n: sight.n === null ? null : nContext(sight.n, rules),
  donchian: {
    s1_entry: sight.channels?.s1Entry ?? null,
    s2_entry: sight.channels?.s2Entry ?? null,
    s1_exit: sight.channels?.s1Exit ?? null,
    s2_exit: sight.channels?.s2Exit ?? null,
    exclude_current_bar: true,
  },
})

export const accountContext = (account: AccountState, rules: TurtleRules): Context => ({
  equity_actual: account.drawdown.equity_actual,
  equity_high_water: account.drawdown.equity_high_water,
  buying_power: account.buying_power,
  drawdown: { ...account.drawdown },
  equity_notional: account.drawdown.equity_notional,
  limits: {
    mode: rules.limitMode,
    units_total: account.units_long + account.units_short,
    units_max: rules.maxUnitsDirection,
    units_long: account.units_long,
    units_short: account.units_short,
    units_by_market: { ...account.units_by_market },
    units_by_group: { ...account.units_by_group },
    max_risk_percent: rules.maxRiskPercent,
  },
})

const lastS1Context = (trade: LastS1Trade | null): Json => (trade === null ? null : { ...trade })

/** Inputs and results of every filter, in order of precedence. */
export const filtersContext = (
  input: FilterInput,
  filters: Filters,
  kind: 'entry' | 'pyramid',
): Context => ({
  kind,
  input: { ...input, last_s1_trade: lastS1Context(input.last_s1_trade) },
  results: filters.results.map((one) => ({ ...one })),
  all_passed: filters.all_passed,
  blocking_filter: filters.blocking_filter,
  evaluation_order: [...filters.evaluation_order],
})

export const positionContext = (
  position: TurtlePosition,
  price: number,
  lotSize: number,
  rules: TurtleRules,
): Context => {
  const last = position.units.at(-1)!
  const contracts = Number((lotsOf(position) * lotSize).toPrecision(12))
  const average_entry = averageEntryOf(position)
  const sign = position.direction === 'LONG' ? 1 : -1
  const trigger = {
    direction: position.direction,
    last_entry_price: last.entry_price,
    n_at_last_entry: last.n_at_entry,
    pyramid_interval: rules.pyramidInterval,
  }
  const { price: trigger_price, calculation } = triggerOf(trigger)
  return {
    direction: position.direction,
    system: position.system,
    contracts,
    units: position.units.length,
    average_entry,
    position_value: price * contracts * rules.pointValue,
    current_stop: position.stop,
    current_price: price,
    // Plus zero: JSON knows no -0.
    unrealized_pnl: sign * (price - average_entry) * contracts * rules.pointValue + 0,
    pyramid_levels: position.units.map((unit) => ({
      level: unit.level,
      entry_price: unit.entry_price,
      entry_at: unit.entry_at,
      contracts: Number((unit.lots * lotSize).toPrecision(12)),
      n_at_entry: unit.n_at_entry,
    })),
    max_pyramids: rules.maxUnitsMarket,
    can_pyramid: position.units.length < rules.maxUnitsMarket,
    next_pyramid: {
      ...trigger,
      level: last.level + 1,
      trigger_price,
      trigger_calculation: calculation,
    },
  }
}
