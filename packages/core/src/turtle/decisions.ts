import type { Direction, TurtleSystem } from './formulas.ts'

/** A channel of days, the day at hand excluded; null while there are too few days. */
export type Channel = { readonly high: number; readonly low: number; readonly period: number }

export type SignalOutcome = 'breakout_20' | 'breakout_55' | 'no_breakout'
export type EvaluationOutcome =
  | 'approved'
  | 'already_in_position'
  | 'filtered_s1'
  | 'filtered_s2_redundant'
  | 'limit_market'
  | 'limit_correlated'
  | 'limit_total'
  | 'limit_risk_cap'
export type PositionOutcome =
  | 'hold'
  | 'exit_stop_triggered'
  | 'exit_breakout_triggered'
  | 'pyramid_triggered'

/** Which way a price breaks out of a channel; null within it and while the channel is not known. */
export const breakoutOf = (price: number, channel: Channel | null): Direction | null => {
  if (channel === null) return null
  if (price > channel.high) return 'LONG'
  return price < channel.low ? 'SHORT' : null
}

export type LastS1Trade = {
  readonly direction: Direction
  readonly entry_at: number
  readonly exit_at: number
  readonly entry_price: number
  readonly exit_price: number
  readonly result: 'winner' | 'loser'
  readonly pnl_in_n: number
}

export type FilterInput = {
  readonly system: TurtleSystem
  readonly direction: Direction
  readonly in_position: boolean
  /** S1 broke out the same way at the same time and was approved. */
  readonly s1_taken: boolean
  readonly s1_filter_applies: boolean
  readonly last_s1_trade: LastS1Trade | null
  readonly market: { readonly current: number; readonly max: number }
  readonly group: { readonly name: string; readonly current: number; readonly max: number }
  readonly total:
    | { readonly mode: 'unit_count'; readonly current: number; readonly max: number }
    | {
        readonly mode: 'risk_cap'
        readonly current_units: number
        readonly risk_percent: number
        readonly max_risk_percent: number
      }
}

export type Filter = { readonly name: string; readonly passed: boolean; readonly reason: string }
export type Filters = {
  readonly outcome: EvaluationOutcome
  readonly all_passed: boolean
  readonly blocking_filter: string | null
  readonly evaluation_order: readonly string[]
  readonly results: readonly Filter[]
}

const s1Filter = (input: FilterInput): Filter => {
  const { system, s1_filter_applies, last_s1_trade } = input
  const name = 's1_filter'
  if (system !== 'S1' || !s1_filter_applies)
    return { name, passed: true, reason: 'rule 7 is for S1 signals' }
  if (last_s1_trade === null)
    return { name, passed: true, reason: 'no S1 trade before this one is known' }
  const passed = last_s1_trade.result === 'loser'
  return {
    name,
    passed,
    reason: `the last S1 trade was a ${last_s1_trade.result}${passed ? '' : ': skipped by rule 7'}`,
  }
}

const totalFilter = ({ total }: FilterInput): Filter => {
  if (total.mode === 'unit_count')
    return {
      name: 'limit_total',
      passed: total.current + 1 <= total.max,
      reason: `${total.current} units this way + 1 of ${total.max}`,
    }
  const { current_units, risk_percent, max_risk_percent } = total
  const after = (current_units + 1) * risk_percent
  return {
    name: 'limit_total',
    passed: after <= max_risk_percent,
    reason: `${current_units} units + 1 × ${risk_percent} % = ${after} % of ${max_risk_percent} %`,
  }
}

const unitFilter = (
  name: string,
  what: string,
  { current, max }: { readonly current: number; readonly max: number },
): Filter => ({
  name,
  passed: current + 1 <= max,
  reason: `${current} units in ${what} + 1 of ${max}`,
})

const OUTCOMES: Readonly<Record<string, EvaluationOutcome>> = {
  already_in_position: 'already_in_position',
  s1_filter: 'filtered_s1',
  s2_redundant: 'filtered_s2_redundant',
  limit_market: 'limit_market',
  limit_correlated: 'limit_correlated',
}

/** All filters of a signal or a pyramid in order of precedence; the first that fails is the outcome, all are reported. */
export const evaluateFilters = (input: FilterInput, kind: 'entry' | 'pyramid'): Filters => {
  const entryOnly: readonly Filter[] = [
    {
      name: 'already_in_position',
      passed: !input.in_position,
      reason: input.in_position ? 'a position is open or on its way' : 'flat',
    },
    s1Filter(input),
    {
      name: 's2_redundant',
      passed: !(input.system === 'S2' && input.s1_taken),
      reason: input.s1_taken ? 'S1 was taken the same way' : 'S1 was not taken the same way',
    },
  ]
  const results: readonly Filter[] = [
    ...(kind === 'entry' ? entryOnly : []),
    unitFilter('limit_market', 'this market', input.market),
    unitFilter('limit_correlated', `group ${input.group.name}`, input.group),
    totalFilter(input),
  ]
  const blocking = results.find(({ passed }) => !passed)
  const limitTotal = input.total.mode === 'risk_cap' ? 'limit_risk_cap' : 'limit_total'
  return {
    outcome: blocking === undefined ? 'approved' : (OUTCOMES[blocking.name] ?? limitTotal),
    all_passed: blocking === undefined,
    blocking_filter: blocking?.name ?? null,
    evaluation_order: results.map(({ name }) => name),
    results,
  }
}

export type CheckInput = {
  readonly direction: Direction
  readonly price: number
  readonly stop: number | null
  /** The exit channel of the position's system. */
  readonly exit_channel: Channel | null
  readonly pyramid_trigger: number
  readonly can_pyramid: boolean
}

/** What a position is told at a price: the stop comes first, then the exit channel, then the next unit. */
export const checkPosition = (input: CheckInput): PositionOutcome => {
  const { direction, price, stop, exit_channel, pyramid_trigger, can_pyramid } = input
  const long = direction === 'LONG'
  if (stop !== null && (long ? price <= stop : price >= stop)) return 'exit_stop_triggered'
  const out = breakoutOf(price, exit_channel)
  if (out !== null && out !== direction) return 'exit_breakout_triggered'
  const reached = long ? price >= pyramid_trigger : price <= pyramid_trigger
  return can_pyramid && reached ? 'pyramid_triggered' : 'hold'
}
