import { TapedeckError, TradingConfig } from '@tapedeck/contracts'
import { resolveParameters, type ParameterValues, type StrategyDefinition } from '@tapedeck/core'
import { z } from 'zod'
import type { Axis, ParameterPoint, ParameterScalar } from './parameter-space.ts'

/** What a trial is run with. */
export type PlacedParameters = {
  readonly trading: TradingConfig
  /** A bar strategy's own; empty for the order-flow brain. */
  readonly strategy: ParameterValues
}

/** Names with a dot are keys of the trading configuration; others are the bar strategy's own. */
const isTradingKey = (key: string): boolean => key.includes('.')

const invalid = (message: string, hint?: string): TapedeckError =>
  new TapedeckError('VALIDATION_FAILED', message, hint === undefined ? {} : { hint })

type Tree = { [key: string]: unknown }

const child = (at: unknown, name: string): unknown => {
  if (Array.isArray(at)) {
    // Instruments go by their symbol.
    return (at as readonly Tree[]).find((one) => one['symbol'] === name)
  }
  return typeof at === 'object' && at !== null && Object.hasOwn(at, name)
    ? (at as Tree)[name]
    : undefined
}

type JsonSchema = {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
}

const SCHEMA = z.toJSONSchema(TradingConfig, { io: 'input', unrepresentable: 'any' }) as JsonSchema

const namesAt = (config: unknown, schema: JsonSchema | undefined): string[] =>
  Array.isArray(config)
    ? (config as readonly Tree[]).map(({ symbol }) => String(symbol))
    : Object.keys(schema?.properties ?? (config as Tree | null) ?? {})

const setKey = (config: Tree, key: string, value: ParameterScalar): void => {
  const path = key.split('.')
  const last = path.pop()!
  let at: unknown = config
  let schema: JsonSchema | undefined = SCHEMA
  const unknown = (name: string): TapedeckError =>
    invalid(
      `the trading configuration has no key ${key}: no ${name} there; known are ${namesAt(at, schema).join(', ')}`,
      'docs/reference/config.md describes each key.',
    )
  for (const name of path) {
    const next = child(at, name)
    if (typeof next !== 'object' || next === null) throw unknown(name)
    schema = Array.isArray(at) ? schema?.items : schema?.properties?.[name]
    at = next
  }
  if (Array.isArray(at) || !namesAt(at, schema).includes(last)) throw unknown(last)
  ;(at as Tree)[last] = value
}

/**
 * The trading configuration with values at dotted keys (`strategy.cooldown_ms`,
 * `instruments.BTCUSDT.lot_size`). Throws VALIDATION_FAILED that names the key, the value and what is allowed.
 */
export const withTradingKeys = (trading: TradingConfig, point: ParameterPoint): TradingConfig => {
  const keys = Object.keys(point)
  if (keys.length === 0) return trading
  const config = structuredClone(trading) as unknown as Tree
  for (const key of keys) setKey(config, key, point[key]!)
  const parsed = TradingConfig.safeParse(config)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  const where = path.join('.')
  const given = keys.map((key) => `${key} = ${JSON.stringify(point[key])}`).join(', ')
  throw invalid(
    `${given}: ${where === '' ? 'the configuration' : where}: ${message}`,
    'docs/reference/config.md has the range of each key.',
  )
}

/** Splits a point among configuration and strategy. `definition` is null for the order-flow brain. */
export const placeParameters = (
  trading: TradingConfig,
  definition: StrategyDefinition | null,
  point: ParameterPoint,
): PlacedParameters => {
  const own: Record<string, ParameterScalar> = {}
  const keys: Record<string, ParameterScalar> = {}
  for (const [key, value] of Object.entries(point)) {
    if (isTradingKey(key)) keys[key] = value
    else own[key] = value
  }
  const [first] = Object.keys(own)
  if (definition === null && first !== undefined) {
    throw invalid(
      `parameter ${first}: the order-flow brain has only keys of the trading configuration`,
      'Name it with its section, e.g. strategy.cooldown_ms.',
    )
  }
  return {
    trading: withTradingKeys(trading, keys),
    strategy:
      definition === null ? {} : resolveParameters(definition.name, definition.parameters, own),
  }
}

/** Values of one axis that are looked at beforehand; of longer ones, the ends and what lies evenly between. */
const LOOKED_AT = 200

/**
 * Looks at every value of every axis on its own before anything is run. Two values that only together make
 * no sense are found by their trial. Throws VALIDATION_FAILED or PARAMETER_INVALID.
 */
export const checkAxes = (
  axes: readonly Axis[],
  trading: TradingConfig,
  definition: StrategyDefinition | null,
): void => {
  for (const { key, size, at } of axes) {
    const looks = Math.min(size, LOOKED_AT)
    for (let i = 0; i < looks; i += 1) {
      const place = looks === 1 ? 0 : Math.round((i * (size - 1)) / (looks - 1))
      placeParameters(trading, definition, { [key]: at(place) })
    }
  }
}
