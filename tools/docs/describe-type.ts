import { DecimalString, PositiveDecimalString } from '@tapedeck/contracts'
import { z } from 'zod'
import { SCHEMA_REF, type JsonSchema } from './schemas.ts'

const isLimit = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) < 8_000_000_000_000_000

/** `1 to 10`, `at least 1`, `above 0`, or nothing when any number goes. */
const range = (schema: JsonSchema): string => {
  const { minimum, maximum, exclusiveMinimum } = schema
  if (isLimit(minimum) && isLimit(maximum)) return `${minimum} to ${maximum}`
  if (isLimit(exclusiveMinimum))
    return `above ${exclusiveMinimum}${isLimit(maximum) ? `, at most ${maximum}` : ''}`
  if (isLimit(minimum)) return `at least ${minimum}`
  return isLimit(maximum) ? `at most ${maximum}` : ''
}

/** Patterns that have a name of their own in a table. */
const NAMED_PATTERNS = new Map([
  [z.toJSONSchema(DecimalString).pattern, 'decimal in text'],
  [z.toJSONSchema(PositiveDecimalString).pattern, 'decimal in text, above 0'],
])

const text = (schema: JsonSchema): string => {
  const named = NAMED_PATTERNS.get(schema.pattern)
  if (named !== undefined) return named

  if (schema.pattern === undefined)
    return schema.maxLength === undefined ? 'text' : `text, at most ${schema.maxLength} characters`
  return `text like \`${schema.pattern}\``
}

const list = (schema: JsonSchema): string => {
  const items = schema.items === undefined ? 'anything' : describeType(schema.items)
  return schema.maxItems === undefined
    ? `list of ${items}`
    : `list of at most ${schema.maxItems} ${items}`
}

/** A schema in a few words for a table: `integer, 1 to 10`, `Side or null`, `list of Ticks`. */
export const describeType = (schema: JsonSchema): string => {
  if (schema.$ref !== undefined) return schema.$ref.replace(SCHEMA_REF, '')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${String(value)}\``).join(' or ')
  if (schema.anyOf !== undefined) return schema.anyOf.map((item) => describeType(item)).join(' or ')
  if (schema.type === 'array') return list(schema)
  if (schema.type === 'string') return text(schema)
  if (schema.type === 'integer' || schema.type === 'number')
    return [schema.type, range(schema)].filter((part) => part !== '').join(', ')
  if (schema.type === 'object') return schema.properties === undefined ? 'values by name' : 'object'
  return [schema.type ?? 'anything'].flat().join(' or ')
}
