import type { InstrumentConfig, RiskCheck } from '@tapedeck/contracts'
import { gradeRank } from '../setup/index.ts'
import { isEntryBlocked } from '../setup-event/index.ts'
import { BREAKERS, BREAKER_REASON, breakerProblem } from './breakers.ts'
import { checked } from './check.ts'
import type { Judgment } from './judgment.ts'
import { breakerReadings, busyKeys, instrumentKey } from './risk-state.ts'

const breakers = ({ state, risk, model }: Judgment): RiskCheck[] => {
  const readings = breakerReadings(state)
  const { slippages, approvals, qualities, ...percents } = readings
  const numbers = {
    ...percents,
    approvals: approvals.length,
    slippages: slippages.length,
    qualities: qualities.length,
  }
  return BREAKERS.map((name) => {
    const latch = state.latches[name]
    const problem = latch?.detail ?? breakerProblem(name, readings, risk.breakers, state.now)
    const warns = name === 'model_confidence' && model.rules_only
    return checked(
      `breaker ${name}`,
      BREAKER_REASON[name],
      warns ? null : problem,
      warns ? `${problem}: rules only, the model's word does not count` : 'not tripped',
      { latched_at: latch?.at ?? null, ...numbers },
    )
  })
}

const modelGate = ({ risk, model }: Judgment): RiskCheck => {
  const { p_false_breakout: p, rules_only, version } = model
  return checked(
    'model gate',
    'MODEL_FALSE_BREAKOUT',
    !rules_only && isEntryBlocked(p, risk.max_p_false_breakout)
      ? `p(false breakout) ${p} exceeds ${risk.max_p_false_breakout}`
      : null,
    p === null
      ? 'no model, no gate'
      : rules_only
        ? `rules only: p(false breakout) of ${p} does not count`
        : `p(false breakout) is ${p}`,
    {
      p_false_breakout: p,
      maximum: risk.max_p_false_breakout,
      model_version: version,
      rules_only,
    },
  )
}

const grade = ({ risk, effective_grade }: Judgment): RiskCheck =>
  checked(
    'grade',
    'GRADE_BELOW_MINIMUM',
    gradeRank(effective_grade) < gradeRank(risk.min_grade)
      ? `grade ${effective_grade} is below ${risk.min_grade}`
      : null,
    `grade ${effective_grade} is enough`,
    { effective_grade, minimum: risk.min_grade },
  )

const groupOf = (instruments: readonly InstrumentConfig[], key: string): string =>
  instruments.find((each) => instrumentKey(each) === key)?.correlation_group ?? 'none'

const exposure = ({ state, risk, signal, instruments }: Judgment): RiskCheck[] => {
  const key = instrumentKey(signal)
  const busy = busyKeys(state)
  const group = groupOf(instruments, key)
  const peers = group === 'none' ? [] : busy.filter((each) => groupOf(instruments, each) === group)
  return [
    checked(
      'one position per symbol',
      'POSITION_OPEN_IN_SYMBOL',
      busy.includes(key) ? 'a position, a trade or an approval is open in the symbol' : null,
      'nothing is open in the symbol',
      { open_in_symbol: busy.includes(key) },
    ),
    checked(
      'open positions',
      'OPEN_POSITIONS_MAXIMUM',
      busy.length >= risk.max_open_positions ? `${busy.length} symbols are open` : null,
      `${busy.length} symbols are open`,
      { open: busy.length, maximum: risk.max_open_positions },
    ),
    checked(
      'correlated group',
      'CORRELATED_GROUP_MAXIMUM',
      peers.length >= risk.max_per_group ? `${peers.length} symbols are open in ${group}` : null,
      group === 'none' ? 'the symbol is in no group' : `${peers.length} are open in ${group}`,
      { group, open: peers.length, maximum: risk.max_per_group },
    ),
  ]
}

/** Do breakers, model, grade and what is already open leave room for one more? */
export const limitChecks = (judgment: Judgment): RiskCheck[] => [
  ...breakers(judgment),
  modelGate(judgment),
  grade(judgment),
  ...exposure(judgment),
]
