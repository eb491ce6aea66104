import { TapedeckError } from '@tapedeck/contracts'

/**
 * What may be turned on a strategy: kind, default, and the range that is allowed and searched. `step` is
 * the grid of a search, not a rule: any number in range is legal.
 */
export type ParameterSpec =
  | {
      readonly kind: 'integer' | 'number'
      readonly default: number
      readonly min: number
      readonly max: number
      readonly step: number
      readonly about: string
    }
  | {
      readonly kind: 'choice'
      readonly default: string
      readonly choices: readonly string[]
      readonly about: string
    }
  | { readonly kind: 'flag'; readonly default: boolean; readonly about: string }

export type ParameterTable = Readonly<Record<string, ParameterSpec>>
export type ParameterValue = number | string | boolean
export type ParameterValues = Readonly<Record<string, ParameterValue>>

const expectedOf = (spec: ParameterSpec): string => {
  if (spec.kind === 'choice') return `one of ${spec.choices.join(', ')}`
  if (spec.kind === 'flag') return 'true or false'
  const kind = spec.kind === 'integer' ? 'a whole number' : 'a number'
  return `${kind} ${spec.min} to ${spec.max}`
}

const isLegal = (spec: ParameterSpec, value: unknown): value is ParameterValue => {
  if (spec.kind === 'choice') return typeof value === 'string' && spec.choices.includes(value)
  if (spec.kind === 'flag') return typeof value === 'boolean'
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if (spec.kind === 'integer' && !Number.isInteger(value)) return false
  return value >= spec.min && value <= spec.max
}

const invalid = (strategy: string, problem: string, details: Record<string, unknown>): Error =>
  new TapedeckError('PARAMETER_INVALID', `${strategy}: ${problem}`, { details })

/**
 * All parameters of a strategy, given ones over defaults. Throws PARAMETER_INVALID that names the
 * parameter, its value and what was expected.
 */
export const resolveParameters = (
  strategy: string,
  table: ParameterTable,
  given: Readonly<Record<string, unknown>> = {},
): ParameterValues => {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(table, name))
      throw invalid(
        strategy,
        `there is no parameter ${name}, expected ${Object.keys(table).join(', ') || 'none'}`,
        { parameter: name },
      )
  const values: Record<string, ParameterValue> = {}
  for (const [name, spec] of Object.entries(table)) {
    const value = Object.hasOwn(given, name) ? given[name] : spec.default
    if (!isLegal(spec, value))
      throw invalid(
        strategy,
        `parameter ${name} is ${String(value)}, expected ${expectedOf(spec)}`,
        { parameter: name, value: String(value), expected: expectedOf(spec) },
      )
    values[name] = value
  }
  return values
}

/** A value as text from a command line or a file of parameters. Throws PARAMETER_INVALID. */
export const parseParameter = (
  strategy: string,
  table: ParameterTable,
  name: string,
  text: string,
): ParameterValue => {
  const spec = Object.hasOwn(table, name) ? table[name] : undefined
  if (spec === undefined) {
    resolveParameters(strategy, table, { [name]: text })
    throw new RangeError('unreachable')
  }
  const read = (): unknown => {
    if (spec.kind === 'choice') return text
    if (spec.kind === 'flag') return text === 'true' ? true : text === 'false' ? false : text
    return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
  }
  const value = read()
  if (isLegal(spec, value)) return value
  throw invalid(strategy, `parameter ${name} is ${text}, expected ${expectedOf(spec)}`, {
    parameter: name,
    value: text,
    expected: expectedOf(spec),
  })
}

/** Every value that a search tries for a parameter, lowest first. */
export const searchGrid = (spec: ParameterSpec): readonly ParameterValue[] => {
  if (spec.kind === 'choice') return spec.choices
  if (spec.kind === 'flag') return [false, true]
  const steps = Math.floor((spec.max - spec.min) / spec.step + 1e-9)
  // Rounded to 12 digits: 0.1 + 2 x 0.1 is not a value that anybody asked for.
  return Array.from({ length: steps + 1 }, (_, i) =>
    Number((spec.min + i * spec.step).toPrecision(12)),
  )
}
