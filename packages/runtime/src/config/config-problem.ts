import { TapedeckError } from '@tapedeck/contracts'

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Name of the key, or path within the file. */
  readonly key: string
  /** The value as given; null when it is secret or absent. */
  readonly value: string | null
  readonly expected: string
}

const VALUE_LENGTH_MAX = 120

const textOf = (value: unknown): string => {
  // JSON would call it null.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  try {
    return value === undefined ? 'nothing' : JSON.stringify(value)
  } catch {
    // An alias of YAML may stand for what it is in.
    return 'a value that contains itself'
  }
}

/** A value as an error may show it: short, on one line. */
export const showValue = (value: unknown): string => {
  const text = textOf(value)
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text
}

/** The one error of a bad configuration: it names every problem, so that one round of repair is enough. */
export const configInvalid = (where: string, problems: readonly ConfigProblem[]): TapedeckError => {
  const lines = problems.map(
    ({ key, value, expected }) => `  ${key}${value === null ? '' : ` = ${value}`}: ${expected}`,
  )
  return new TapedeckError('CONFIG_INVALID', `${where} is invalid:\n${lines.join('\n')}`, {
    details: { problems },
  })
}
