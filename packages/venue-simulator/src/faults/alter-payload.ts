import type { Payload } from './fault-hooks.ts'

export type Alteration =
  | 'unknown_fields'
  | 'unknown_values'
  | 'unknown_event'
  | 'numbers_as_strings'
  | 'strings_as_numbers'
  | 'nulls'

const DECIMAL = /^-?\d+(\.\d+)?$/
/** Names under which messages and answers carry a word of a closed list. */
const WORDS = new Set(
  (
    'x X o ot f S ps m wt V pm at status algoStatus type origType orderType timeInForce side ' +
    'positionSide workingType contractType marginType incomeType filterType'
  ).split(' '),
)
const isWord = (name: string, value: unknown): boolean =>
  WORDS.has(name) && typeof value === 'string' && /^[A-Z_]{2,}$/.test(value)

type Leaf = (name: string, value: unknown) => unknown

const mapLeaves = (value: unknown, leaf: Leaf, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => mapLeaves(item, leaf, name))
  if (typeof value !== 'object' || value === null) return leaf(name, value)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapLeaves(inner, leaf, key)]),
  )
}

const withUnknownFields = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => withUnknownFields(item))
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.entries(value).map(([key, item]) => [key, withUnknownFields(item)] as const)
  return { ...Object.fromEntries(inner), zz: 'not documented', zzList: [1, { deep: null }] }
}

const LEAVES: Readonly<Record<Exclude<Alteration, 'unknown_fields' | 'unknown_event'>, Leaf>> = {
  unknown_values: (name, value) => (isWord(name, value) ? 'NOT_DOCUMENTED' : value),
  numbers_as_strings: (_, value) => (typeof value === 'number' ? String(value) : value),
  strings_as_numbers: (_, value) =>
    typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value,
  nulls: (_, value) => (typeof value === 'string' && DECIMAL.test(value) ? null : value),
}

/**
 * The same JSON with other fields or types than documented. The event's own name stays, apart from
 * `unknown_event`, which changes nothing else.
 */
export const alterJson = (value: unknown, alteration: Alteration): unknown => {
  if (alteration === 'unknown_fields') return withUnknownFields(value)
  if (alteration !== 'unknown_event') return mapLeaves(value, LEAVES[alteration])
  if (Array.isArray(value)) return value.map((item: unknown) => alterJson(item, alteration))
  return { ...(value as object), e: 'NOT_DOCUMENTED' }
}

/** A message altered. */
export const alterPayload = (payload: Payload, alteration: Alteration): Payload =>
  alterJson(payload, alteration) as Payload
