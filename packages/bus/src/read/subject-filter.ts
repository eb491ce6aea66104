const CACHE_MAX = 10_000

const matches = (filter: readonly string[], subject: readonly string[]): boolean => {
  for (const [index, token] of filter.entries()) {
    if (token === '>') return subject.length > index
    if (subject[index] === undefined || (token !== '*' && token !== subject[index])) return false
  }
  return filter.length === subject.length
}

/**
 * Whether a subject matches one of `filters` (`*` is one token, a last `>` is the rest). Subjects are
 * few and come again, so answers are remembered, up to a bound.
 */
export const subjectFilter = (filters: readonly string[]): ((subject: string) => boolean) => {
  const parsed = filters.map((filter) => filter.split('.'))
  const known = new Map<string, boolean>()
  return (subject) => {
    const answer = known.get(subject)
    if (answer !== undefined) return answer
    const tokens = subject.split('.')
    const matched = parsed.some((filter) => matches(filter, tokens))
    if (known.size >= CACHE_MAX) known.clear()
    known.set(subject, matched)
    return matched
  }
}

const isCovered = (by: readonly string[], filter: readonly string[]): boolean => {
  for (const [index, token] of by.entries()) {
    if (token === '>') return filter.length > index
    const other = filter[index]
    if (other === undefined || other === '>') return false
    if (token !== '*' && token !== other) return false
  }
  return by.length === filter.length
}

const overlap = (a: readonly string[], b: readonly string[]): boolean => {
  for (let index = 0; ; index += 1) {
    const [one, other] = [a[index], b[index]]
    if (one === undefined || other === undefined) return one === other
    if (one === '>' || other === '>') return true
    if (one !== other && one !== '*' && other !== '*') return false
  }
}

/**
 * The same choice of subjects without overlaps, as a server wants the filters of one consumer; null
 * where two overlap in part only.
 */
export const withoutOverlaps = (filters: readonly string[]): readonly string[] | null => {
  const parsed = [...new Set(filters)].map((filter) => filter.split('.'))
  const kept = parsed.filter(
    (filter) => !parsed.some((by) => by !== filter && isCovered(by, filter)),
  )
  const clash = kept.some((a, index) => kept.slice(index + 1).some((b) => overlap(a, b)))
  return clash ? null : kept.map((tokens) => tokens.join('.'))
}
