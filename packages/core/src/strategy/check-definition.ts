import { TapedeckError } from '@tapedeck/contracts'
import type { StrategyDefinition } from './bar-strategy.ts'
import { resolveParameters, type ParameterSpec } from './parameters.ts'

const NAME = /^[a-z][a-z0-9_]{0,39}$/

const invalid = (from: string, field: string, value: unknown, expected: string): TapedeckError =>
  new TapedeckError(
    'STRATEGY_INVALID',
    `${from}: ${field} is ${describe(value)}, expected ${expected}`,
    { details: { from, field, expected } },
  )

const describe = (value: unknown): string => {
  if (value === undefined) return 'missing'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object') return value === null ? 'null' : 'an object'
  return `${value as string | number | boolean}`.slice(0, 80)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const specProblem = (spec: unknown): string | null => {
  if (!isRecord(spec)) return 'an object { kind, default, ... }'
  const { kind, min, max, step, choices, about } = spec
  if (typeof about !== 'string') return 'about: a sentence'
  if (kind === 'flag') return null
  if (kind === 'choice')
    return Array.isArray(choices) && choices.every((one) => typeof one === 'string')
      ? null
      : 'choices: a list of texts'
  if (kind !== 'integer' && kind !== 'number') return 'kind: integer, number, choice or flag'
  const bounds = [min, max, step].every((one) => typeof one === 'number' && Number.isFinite(one))
  return bounds && Number(min) <= Number(max) && Number(step) > 0
    ? null
    : 'numbers min <= max and step > 0'
}

/**
 * Looks at what a module exports before anything is run with it. Throws STRATEGY_INVALID that names the
 * field and what was expected; `from` names the module.
 */
export const checkStrategyDefinition = (value: unknown, from: string): StrategyDefinition => {
  const shape = 'a strategy definition { name, about, parameters, timeframes, warmupBars, create }'
  if (!isRecord(value)) throw invalid(from, 'the default export', value, shape)
  const { name, about, parameters, timeframes, longer, warmupBars, create } = value
  if (typeof name !== 'string' || !NAME.test(name))
    throw invalid(from, 'name', name, 'lower-case letters, digits and _')
  if (typeof about !== 'string') throw invalid(from, 'about', about, 'a sentence')
  if (typeof create !== 'function')
    throw invalid(from, 'create', create, 'a function (parameters, context, snapshot) => strategy')
  if (typeof warmupBars !== 'function')
    throw invalid(from, 'warmupBars', warmupBars, 'a function (parameters) => number of bars')
  if (timeframes !== null && !Array.isArray(timeframes))
    throw invalid(from, 'timeframes', timeframes, 'null or a list of timeframes')
  if (longer !== undefined && !Array.isArray(longer))
    throw invalid(from, 'longer', longer, 'a list of timeframes, or nothing')
  if (!isRecord(parameters))
    throw invalid(from, 'parameters', parameters, 'a table of parameters, {} for none')
  for (const [key, spec] of Object.entries(parameters)) {
    const problem = specProblem(spec)
    if (problem !== null) throw invalid(from, `parameters.${key}`, spec, problem)
  }
  resolveParameters(name, parameters as Record<string, ParameterSpec>)
  return value as unknown as StrategyDefinition
}
