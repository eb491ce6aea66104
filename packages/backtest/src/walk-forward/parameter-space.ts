import { TapedeckError } from '@tapedeck/contracts'

export type ParameterScalar = number | string | boolean
export type ParameterPoint = Readonly<Record<string, ParameterScalar>>

/** A parameter as it is written down: exactly one of the three. */
export type ParameterSpace = Readonly<Record<string, Dimension>>
export type Dimension =
  | { readonly range: readonly [number, number]; readonly step: number }
  /** `points` values from low to high, each the same factor above the one before. */
  | { readonly log: readonly [number, number]; readonly points: number }
  | { readonly choice: readonly ParameterScalar[] }

/** One parameter with its values by place; none of them exists before it is asked for. */
export type Axis = {
  readonly key: string
  readonly size: number
  readonly at: (place: number) => ParameterScalar
  /** Whether places next to each other are alike. */
  readonly ordered: boolean
}

const PARAMETERS_MAX = 64

const invalid = (key: string, value: unknown, expected: string): TapedeckError =>
  new TapedeckError(
    'VALIDATION_FAILED',
    `parameter ${key} is ${JSON.stringify(value) ?? 'missing'}; expected ${expected}`,
    {
      hint: 'A parameter is {range: [low, high], step}, {log: [low, high], points} or {choice: [...]}.',
    },
  )

/** Twelve digits: 0.1 + 2 x 0.1 is not a value that anybody asked for. */
const rounded = (value: number): number => Number(value.toPrecision(12))

const isPair = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every((one) => Number.isFinite(one))

const rangeAxis = (key: string, given: { range?: unknown; step?: unknown }): Axis => {
  const { range, step } = given
  if (!isPair(range) || range[0] > range[1]) {
    throw invalid(key, given, 'a range [low, high] of finite numbers, low not above high')
  }
  if (typeof step !== 'number' || !Number.isFinite(step) || step <= 0) {
    throw invalid(key, given, 'a step above 0')
  }
  const [low, high] = range
  const size = Math.floor((high - low) / step + 1e-9) + 1
  if (!Number.isSafeInteger(size)) throw invalid(key, given, 'a step that makes fewer values')
  return { key, size, ordered: true, at: (place) => rounded(low + place * step) }
}

const logAxis = (key: string, given: { log?: unknown; points?: unknown }): Axis => {
  const { log, points } = given
  if (!isPair(log) || log[0] <= 0 || log[0] > log[1]) {
    throw invalid(key, given, 'log: [low, high] with 0 < low <= high')
  }
  if (!Number.isSafeInteger(points) || Number(points) < 2) {
    throw invalid(key, given, 'points: a whole number, 2 or more')
  }
  const [low, high] = log
  const size = Number(points)
  const factor = (high / low) ** (1 / (size - 1))
  return { key, size, ordered: true, at: (place) => rounded(low * factor ** place) }
}

const isScalar = (one: unknown): boolean =>
  typeof one === 'string' || typeof one === 'boolean' || Number.isFinite(one)

const choiceAxis = (key: string, given: { choice?: unknown }): Axis => {
  const { choice } = given
  if (!Array.isArray(choice) || choice.length === 0 || !choice.every(isScalar)) {
    throw invalid(key, given, 'choice: a list of numbers, texts or true/false, at least one')
  }
  const values = choice as readonly ParameterScalar[]
  if (new Set(values).size !== values.length) throw invalid(key, given, 'choices that differ')
  return { key, size: values.length, ordered: false, at: (place) => values[place]! }
}

const KINDS = ['range', 'log', 'choice'] as const
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  range: ['range', 'step'],
  log: ['log', 'points'],
  choice: ['choice'],
}

const axisOf = (key: string, given: unknown): Axis => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(key, given, 'a range, a log scale or choices')
  }
  const kinds = KINDS.filter((kind) => kind in given)
  const kind = kinds[0]
  if (kinds.length !== 1 || kind === undefined) {
    throw invalid(key, given, 'exactly one of range, log and choice')
  }
  const odd = Object.keys(given).find((name) => !ALLOWED[kind]!.includes(name))
  if (odd !== undefined)
    throw invalid(key, given, `only ${ALLOWED[kind]!.join(' and ')}, not ${odd}`)
  if (kind === 'range') return rangeAxis(key, given)
  return kind === 'log' ? logAxis(key, given) : choiceAxis(key, given)
}

/**
 * The axes of a space in the order of their keys, whatever order they were written in. Throws
 * VALIDATION_FAILED that names the parameter, what was given and what is expected.
 */
export const axesOf = (space: unknown): Axis[] => {
  if (typeof space !== 'object' || space === null || Array.isArray(space)) {
    throw invalid('space', space, 'parameters with their values')
  }
  const keys = Object.keys(space).toSorted()
  if (keys.length === 0 || keys.length > PARAMETERS_MAX) {
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `the parameter space has ${keys.length} parameters; expected 1 to ${PARAMETERS_MAX}`,
      { hint: 'Name what to search, e.g. --param entry=20..60:10.' },
    )
  }
  return keys.map((key) => axisOf(key, (space as Record<string, unknown>)[key]))
}

/** A place on each axis. */
export type Places = readonly number[]

export const pointAt = (axes: readonly Axis[], places: Places): ParameterPoint =>
  Object.fromEntries(axes.map(({ key, at }, i) => [key, at(places[i]!)]))

/** How many points the grid has: exact, however many. */
export const gridSize = (axes: readonly Axis[]): bigint =>
  axes.reduce((product, { size }) => product * BigInt(size), 1n)

/** One step up and down on each ordered axis; every other choice on the others. */
export const neighborsOf = (axes: readonly Axis[], places: Places): Places[] =>
  axes.flatMap(({ size, ordered }, i) => {
    const here = places[i]!
    const others = ordered
      ? [here - 1, here + 1].filter((place) => place >= 0 && place < size)
      : Array.from({ length: Math.min(size, 16) }, (_, place) => place).filter((p) => p !== here)
    return others.map((place) => places.with(i, place))
  })
