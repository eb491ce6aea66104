/** Where two JSON values part: the path to the first field that differs, and both sides there. */
export type ValueDifference = {
  readonly path: string
  readonly recorded: unknown
  readonly recomputed: unknown
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const join = (path: string, key: string, isItem: boolean): string =>
  isItem ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`

/** What makes a message another one is named before what follows from that. */
const FIRST = ['type', 'payload', 'occurred_at', 'aggregate_id', 'aggregate_version', 'event_id']
const rank = (key: string): number => {
  const at = FIRST.indexOf(key)
  return at === -1 ? FIRST.length : at
}

/** Null when they are equal. An absent field shows as undefined. */
export const firstDifference = (
  recorded: unknown,
  recomputed: unknown,
  path = '',
): ValueDifference | null => {
  if (Object.is(recorded, recomputed)) return null
  if (
    !isObject(recorded) ||
    !isObject(recomputed) ||
    Array.isArray(recorded) !== Array.isArray(recomputed)
  )
    return { path, recorded, recomputed }
  const isList = Array.isArray(recorded)
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(recomputed)])]
  if (!isList && path === '') keys.sort((a, b) => rank(a) - rank(b))
  for (const key of keys) {
    const found = firstDifference(recorded[key], recomputed[key], join(path, key, isList))
    if (found !== null) return found
  }
  return null
}
