/**
 * What a JSON value has to look like: a leaf code, a list of one shape, a tuple, or an object's fields. A
 * field whose name ends in `?` may be absent. Codes: `s` text, `d` decimal text, `i` whole number, `n` number,
 * `b` flag, `null`, `=A,B` one of these words; alternatives are joined by `|`.
 */
export type Shape =
  | string
  | readonly [Shape]
  | { readonly tuple: readonly Shape[] }
  | { readonly anyOf: readonly Shape[] }
  | Fields
export type Fields = { readonly fields: Readonly<Record<string, Shape>> }

const DECIMAL = /^-?\d+(\.\d+)?$/
const EXTRA = 'is not in the table'

const isLeaf = (code: string, value: unknown): boolean => {
  if (code.startsWith('=')) return code.slice(1).split(',').includes(String(value))
  switch (code) {
    case 's':
      return typeof value === 'string'
    case 'd':
      return typeof value === 'string' && DECIMAL.test(value)
    case 'i':
      return Number.isSafeInteger(value)
    case 'n':
      return typeof value === 'number' && Number.isFinite(value)
    case 'b':
      return typeof value === 'boolean'
    case 'null':
      return value === null
    default:
      throw new RangeError(`"${code}" is no code of a shape`)
  }
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60)

const fieldProblems = ({ fields }: Fields, value: object, at: string): string[] => {
  const known = new Set(Object.keys(fields).map((name) => name.replace(/\?$/, '')))
  const extra = Object.keys(value).filter((name) => !known.has(name))
  const inner = Object.entries(fields).flatMap(([name, shape]) => {
    const plain = name.replace(/\?$/, '')
    const found = (value as Record<string, unknown>)[plain]
    if (found !== undefined) return problemsOf(shape, found, `${at}.${plain}`)
    return name.endsWith('?') ? [] : [`${at}.${plain} is missing`]
  })
  return [...inner, ...extra.map((name) => `${at}.${name} ${EXTRA}`)]
}

/** The same, where it does not matter what else there is. No `anyOf` in such a shape. */
export const needsOf = (shape: Shape, value: unknown, at: string): string[] =>
  problemsOf(shape, value, at).filter((problem) => !problem.endsWith(EXTRA))

/** Where a value is not of its shape: paths with what was found. Empty: it is. */
export const problemsOf = (shape: Shape, value: unknown, at: string): string[] => {
  if (typeof shape === 'string') {
    const fits = shape.split('|').some((code) => isLeaf(code, value))
    return fits ? [] : [`${at} is ${shown(value)}, expected ${shape}`]
  }
  if ('anyOf' in shape) {
    const tried = shape.anyOf.map((one) => problemsOf(one, value, at))
    return tried.some((problems) => problems.length === 0)
      ? []
      : tried.toSorted((one, other) => one.length - other.length)[0]!
  }
  if ('tuple' in shape) {
    if (!Array.isArray(value) || value.length !== shape.tuple.length)
      return [`${at} is ${shown(value)}, expected ${shape.tuple.length} items`]
    return shape.tuple.flatMap((one, index) => problemsOf(one, value[index], `${at}[${index}]`))
  }
  if (!('fields' in shape)) {
    if (!Array.isArray(value)) return [`${at} is ${shown(value)}, expected a list`]
    return value.flatMap((item: unknown, index) => problemsOf(shape[0], item, `${at}[${index}]`))
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? fieldProblems(shape, value, at)
    : [`${at} is ${shown(value)}, expected an object`]
}
