import { readFileSync } from 'node:fs'
import { TapedeckError } from '@tapedeck/contracts'
import { searchGrid, type StrategyDefinition } from '@tapedeck/core'

const NUMBER = String.raw`-?\d{1,15}(?:\.\d{1,15})?(?:e-?\d{1,3})?`
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER}):(${NUMBER})$`)
const LOG = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})\\*(\\d{1,9})$`)
const IS_NUMBER = new RegExp(`^${NUMBER}$`)

const scalar = (text: string): number | string | boolean => {
  if (IS_NUMBER.test(text)) return Number(text)
  return text === 'true' ? true : text === 'false' ? false : text
}

const declared = (key: string, definition: StrategyDefinition | null): unknown => {
  const spec = definition?.parameters[key]
  if (spec !== undefined) return { choice: [...searchGrid(spec)] }
  const known = Object.keys(definition?.parameters ?? {})
  throw new TapedeckError(
    'VALIDATION_FAILED',
    `--param ${key}: expected ${key}=low..high:step, ${key}=low..high*points (log scale) or ${key}=a,b,c`,
    known.length === 0
      ? {}
      : { hint: `A name alone takes the range that the strategy declares: ${known.join(', ')}.` },
  )
}

const declaredRange = (key: string, definition: StrategyDefinition | null): unknown => {
  const spec = definition?.parameters[key]
  if (spec === undefined || !('step' in spec)) return declared(key, definition)
  return { range: [spec.min, spec.max], step: spec.step }
}

const written = (text: string): unknown => {
  const range = RANGE.exec(text)
  if (range !== null) return { range: [Number(range[1]), Number(range[2])], step: Number(range[3]) }
  const log = LOG.exec(text)
  if (log !== null) return { log: [Number(log[1]), Number(log[2])], points: Number(log[3]) }
  return { choice: text.split(',').map(scalar) }
}

const fromFile = (path: string): Record<string, unknown> => {
  try {
    const space: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof space === 'object' && space !== null && !Array.isArray(space)) {
      return space as Record<string, unknown>
    }
    throw new Error('expected an object')
  } catch (cause) {
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `--space ${path}: ${(cause as Error).message}; expected a JSON object {"<parameter>": {"range": [low, high], "step": s}}`,
      { cause },
    )
  }
}

/**
 * A parameter space from `--param` and `--space`, not looked at more closely yet. `entry=20..60:10` is a
 * range, `x=0.001..1*4` a log scale, `direction=long,short` choices, and `entry` alone what the strategy
 * declares. Throws VALIDATION_FAILED.
 */
export const parseParameters = (
  params: readonly string[],
  spaceFile: string | undefined,
  definition: StrategyDefinition | null,
): Record<string, unknown> => {
  const space = spaceFile === undefined ? {} : fromFile(spaceFile)
  for (const param of params) {
    const at = param.indexOf('=')
    const key = at < 0 ? param : param.slice(0, at)
    if (Object.hasOwn(space, key)) {
      throw new TapedeckError('VALIDATION_FAILED', `parameter ${key} is named twice`)
    }
    space[key] = at < 0 ? declaredRange(key, definition) : written(param.slice(at + 1))
  }
  return space
}
