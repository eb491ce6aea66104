import { FrameProblem } from './frame-problem.ts'

export type Fields = Readonly<Record<string, unknown>>

/** A field that is not what the account stream sends. */
export const fieldUnreadable = (field: string, value: unknown, expected: string): FrameProblem => {
  const shown = (JSON.stringify(value) ?? 'nothing').slice(0, 80)
  return new FrameProblem('unreadable', `${field} is ${shown}, expected ${expected}`)
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const fieldsOf = (of: Fields, field: string): Fields => {
  const value = of[field]
  if (!isFields(value)) throw fieldUnreadable(field, value, 'an object')
  return value
}

/** A list of objects; empty where the field is missing. */
export const listOf = (of: Fields, field: string): readonly Fields[] => {
  const value = of[field]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every(isFields))
    throw fieldUnreadable(field, value, 'a list of objects')
  return value
}

const TEXT_LENGTH_MAX = 200

export const textOf = (of: Fields, field: string): string => {
  const value = of[field]
  if (typeof value !== 'string' || value === '' || value.length > TEXT_LENGTH_MAX)
    throw fieldUnreadable(field, value, `a text of 1 to ${TEXT_LENGTH_MAX} characters`)
  return value
}

/** The entry of a closed list that a field names; undefined when it names none. */
export const namedIn = <T>(list: ReadonlyMap<string, T>, value: unknown): T | undefined =>
  typeof value === 'string' ? list.get(value) : undefined

/** The venue's words without control characters; null where it says none. */
export const wordsOf = (value: unknown): string | null => {
  if (typeof value !== 'string') return null
  const clean = value.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return clean === '' ? null : clean.slice(0, TEXT_LENGTH_MAX)
}

const DECIMAL = /^-?\d{1,30}(?:\.\d{1,30})?$/

/** A decimal as a string. A number is taken too, where its digits are a plain decimal. */
export const decimalOf = (of: Fields, field: string): string => {
  const value = of[field]
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !DECIMAL.test(text))
    throw fieldUnreadable(field, value, 'a decimal string')
  return text
}

/** A decimal, or null where the field is missing: null is not zero. */
export const decimalOrNull = (of: Fields, field: string): string | null =>
  of[field] === undefined || of[field] === null || of[field] === '' ? null : decimalOf(of, field)

export const isZero = (decimal: string): boolean => /^-?[0.]+$/.test(decimal)

/** An id, a whole number above 0: as digits, because some are beyond 2^53. Null where there is none. */
export const idOrNull = (of: Fields, field: string): string | null => {
  const value = of[field]
  if (value === undefined || value === null || value === '' || value === 0 || value === '0')
    return null
  if (value === -1) return null
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return String(value)
  if (typeof value === 'string' && /^[1-9]\d{0,29}$/.test(value)) return value
  throw fieldUnreadable(field, value, 'an id: a whole number above 0')
}

export const idOf = (of: Fields, field: string): string => {
  const id = idOrNull(of, field)
  if (id === null) throw fieldUnreadable(field, of[field], 'an id: a whole number above 0')
  return id
}

/** The first of the fields that is a time in ms. */
export const timeOf = (candidates: readonly (readonly [Fields, string])[]): number => {
  for (const [of, field] of candidates) {
    const value = of[field]
    if (value === undefined || value === null || value === 0) continue
    const time = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
    if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < 0)
      throw fieldUnreadable(field, value, 'a time in ms')
    return time
  }
  throw fieldUnreadable(candidates[0]?.[1] ?? 'T', null, 'a time in ms')
}
