import type { ParameterTable, ParameterValues } from '../strategy/index.ts'

/** S1's rule numbers stand beside what they decide. */
export type TurtleRules = {
  /** Rule 3. */
  readonly nPeriod: number
  /** `wilder`: seeded with the mean of the first true ranges; `published` as in the reference trades. */
  readonly nSeed: 'wilder' | 'published'
  /** Rules 6 and 8: days of the entry channels. */
  readonly s1Entry: number
  readonly s2Entry: number
  /** Rules 13 and 14: days of the exit channels. */
  readonly s1Exit: number
  readonly s2Exit: number
  /** Rule 7. */
  readonly s1Filter: boolean
  /** Rule 10. */
  readonly stopMultiplier: number
  /** Rule 11. */
  readonly pyramidInterval: number
  /** Rule 13 of the limits: units in one market. */
  readonly maxUnitsMarket: number
  readonly maxUnitsGroup: number
  readonly maxUnitsDirection: number
  /** Rule 17, `risk_cap`; `unit_count` is the original. */
  readonly limitMode: 'risk_cap' | 'unit_count'
  readonly maxRiskPercent: number
  /** Rule 4: percent of notional equity that one N moves a unit by. */
  readonly riskPercent: number
  /** Money per point and contract: 1, since quantities here are of the base asset. */
  readonly pointValue: 1
  /** Rule 5. */
  readonly drawdownThresholdPercent: number
  readonly drawdownReductionPercent: number
  readonly systems: 'both' | 's1' | 's2'
  readonly direction: 'both' | 'long' | 'short'
  /** `daily`: the scanner runs at the close of each day; `every_bar`: at every bar of the monitor. */
  readonly scan: 'daily' | 'every_bar'
  /** `resting`: the stop lies at the venue; `monitor`: it is compared with each close. */
  readonly stops: 'resting' | 'monitor'
  readonly sizing: 'unit' | 'all_capital'
  /** With `all_capital`: percent of the capital that is spent. */
  readonly allocationPercent: number
  readonly rounding: 'floor' | 'nearest'
  /** `foreseen`: days are shown at their open, for reproducing results that were made so. */
  readonly today: 'closed' | 'foreseen'
  readonly recordAll: boolean
}

const whole = (
  value: number,
  min: number,
  max: number,
  step: number,
  about: string,
): ParameterTable[string] => ({ kind: 'integer', default: value, min, max, step, about })
const number = (
  value: number,
  min: number,
  max: number,
  step: number,
  about: string,
): ParameterTable[string] => ({ kind: 'number', default: value, min, max, step, about })
const choice = (choices: readonly string[], about: string): ParameterTable[string] => ({
  kind: 'choice',
  default: choices[0]!,
  choices,
  about,
})

export const TURTLE_PARAMETERS: ParameterTable = {
  n_period: whole(20, 2, 100, 5, 'days of N, the average true range after Wilder (rule 3)'),
  n_seed: choice(['wilder', 'published'], 'how N starts; published: as in the reference trades'),
  s1_entry: whole(20, 2, 250, 5, 'days of the S1 entry channel, today excluded (rule 6)'),
  s2_entry: whole(55, 2, 250, 5, 'days of the S2 entry channel, today excluded (rule 8)'),
  s1_exit: whole(10, 1, 250, 5, 'days of the S1 exit channel (rule 13)'),
  s2_exit: whole(20, 1, 250, 5, 'days of the S2 exit channel (rule 14)'),
  s1_filter: {
    kind: 'flag',
    default: true,
    about: 'skip an S1 breakout when the last one, taken or not, won (rule 7)',
  },
  stop_n: number(2, 0.25, 10, 0.5, 'distance of the stop in N (rule 10)'),
  pyramid_n: number(0.5, 0.1, 5, 0.25, 'distance between units in N (rule 11)'),
  max_units_market: whole(4, 1, 20, 1, 'units in one market'),
  max_units_group: whole(6, 1, 50, 1, 'units in one correlated group'),
  max_units_direction: whole(12, 1, 200, 2, 'units in one direction, with limit_mode unit_count'),
  limit_mode: choice(['risk_cap', 'unit_count'], 'what bounds all units together (rule 17)'),
  max_risk_percent: number(20, 0.1, 100, 5, 'risk of all units together, with limit_mode risk_cap'),
  risk_percent: number(0.5, 0.01, 10, 0.25, 'percent of notional equity per unit and N (rule 4)'),
  drawdown_threshold_percent: number(10, 1, 100, 5, 'drawdown that cuts notional equity (rule 5)'),
  drawdown_reduction_percent: number(20, 0, 90, 5, 'what each such drawdown cuts (rule 5)'),
  systems: choice(['both', 's1', 's2'], 'entry systems that are traded'),
  direction: choice(['both', 'long', 'short'], 'sides that are traded'),
  scan: choice(['daily', 'every_bar'], 'when breakouts are looked for'),
  stops: choice(['resting', 'monitor'], 'stop at the venue, or compared with each close'),
  sizing: choice(['unit', 'all_capital'], 'units of N, or all capital in one position'),
  allocation_percent: number(100, 0.1, 100, 10, 'percent of capital, with sizing all_capital'),
  rounding: choice(['floor', 'nearest'], 'how a quantity meets the lot, with sizing all_capital'),
  today: choice(['closed', 'foreseen'], 'foreseen: days are shown at their open (look-ahead)'),
  record_all: { kind: 'flag', default: true, about: 'record holds and no-breakouts as well' },
}

/** Rules from resolved parameters. */
export const turtleRules = (values: ParameterValues): TurtleRules => ({
  nPeriod: Number(values['n_period']),
  nSeed: values['n_seed'] as TurtleRules['nSeed'],
  s1Entry: Number(values['s1_entry']),
  s2Entry: Number(values['s2_entry']),
  s1Exit: Number(values['s1_exit']),
  s2Exit: Number(values['s2_exit']),
  s1Filter: values['s1_filter'] === true,
  stopMultiplier: Number(values['stop_n']),
  pyramidInterval: Number(values['pyramid_n']),
  maxUnitsMarket: Number(values['max_units_market']),
  maxUnitsGroup: Number(values['max_units_group']),
  maxUnitsDirection: Number(values['max_units_direction']),
  limitMode: values['limit_mode'] as TurtleRules['limitMode'],
  maxRiskPercent: Number(values['max_risk_percent']),
  riskPercent: Number(values['risk_percent']),
  pointValue: 1,
  drawdownThresholdPercent: Number(values['drawdown_threshold_percent']),
  drawdownReductionPercent: Number(values['drawdown_reduction_percent']),
  systems: values['systems'] as TurtleRules['systems'],
  direction: values['direction'] as TurtleRules['direction'],
  scan: values['scan'] as TurtleRules['scan'],
  stops: values['stops'] as TurtleRules['stops'],
  sizing: values['sizing'] as TurtleRules['sizing'],
  allocationPercent: Number(values['allocation_percent']),
  rounding: values['rounding'] as TurtleRules['rounding'],
  today: values['today'] as TurtleRules['today'],
  recordAll: values['record_all'] === true,
})
