/** A value to look at, and the way to it: linked, because a hostile message may nest millions deep. */
interface Place {
  readonly value: unknown
  readonly key: string | number
  readonly parent: Place | null
}

const isUnstorable = (text: string): boolean => text.includes('\0') || !text.isWellFormed()

const pathOf = (place: Place): (string | number)[] => {
  const path: (string | number)[] = []
  for (let at = place; at.parent !== null; at = at.parent) path.push(at.key)
  return path.toReversed()
}

const isFound = ({ key, value }: Place): boolean =>
  (typeof key === 'string' && isUnstorable(key)) ||
  (typeof value === 'string' && isUnstorable(value))

/** What JSON is made of. Anything else (the stream of a body that is passed on) is not ours to look into. */
const isContainer = (value: unknown): value is object => {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Not by identity: another realm has an Object of its own.
  return (
    Array.isArray(value) ||
    prototype === null ||
    (Object.getPrototypeOf(prototype) as unknown) === null
  )
}

/**
 * Where a JSON value holds text that no Postgres column takes: U+0000, or half of a surrogate pair
 * (RFC 7493 §2.1 forbids those too). Looks at keys as well as values; null when all of it can be kept.
 */
export const unstorableText = (root: unknown): readonly (string | number)[] | null => {
  const waiting: Place[] = [{ value: root, key: '', parent: null }]
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (isFound(place)) return pathOf(place)
    const { value } = place
    if (!isContainer(value)) continue
    const isArray = Array.isArray(value)
    for (const [key, item] of Object.entries(value))
      waiting.push({ value: item, key: isArray ? Number(key) : key, parent: place })
  }
  return null
}
