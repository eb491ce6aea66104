import { dec, toDecimalString } from '@tapedeck/core'

/** An answer of the venue that is not of the shape that it should have. Names the field and what was found. */
export class AnswerUnreadable extends Error {
  override readonly name = 'AnswerUnreadable'
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Exponents that a JSON number may be written with; the rest of a decimal is checked by `dec`. */
const fromExponent = (text: string): string => {
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length)
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/**
 * Reads the fields of one object of an answer. Numbers may come as text and text as numbers; unknown
 * fields are ignored; what is missing or of another kind throws `AnswerUnreadable` with its name.
 */
export class AnswerFields {
  readonly #object: Record<string, unknown>
  readonly #name: string

  constructor(value: unknown, name: string) {
    if (!isObject(value))
      throw new AnswerUnreadable(`${name} is ${shown(value)}, expected an object`)
    this.#object = value
    this.#name = name
  }

  #bad(field: string, expected: string): AnswerUnreadable {
    const found = shown(this.#object[field])
    return new AnswerUnreadable(`${this.#name}.${field} is ${found}, expected ${expected}`)
  }

  has(field: string): boolean {
    const value = this.#object[field]
    return value !== undefined && value !== null && value !== ''
  }

  text(field: string): string {
    const value = this.#object[field]
    // An id of digits alone may come as a number.
    if (typeof value === 'number') return String(value)
    if (typeof value !== 'string' || value === '') throw this.#bad(field, 'a text')
    return value
  }

  /** An id: kept as the text that it was written with. */
  id(field: string): string {
    const value = this.#object[field]
    const text = typeof value === 'number' ? String(value) : value
    if (typeof text !== 'string' || !/^\d{1,20}$/.test(text)) throw this.#bad(field, 'an id')
    return text
  }

  /** A decimal without exponent or trailing zeros. */
  decimal(field: string): string {
    const value = this.#object[field]
    const text = typeof value === 'number' ? String(value) : value
    if (typeof text !== 'string' || text.length > 60) throw this.#bad(field, 'a decimal')
    try {
      return toDecimalString(dec(fromExponent(text.trim())))
    } catch {
      throw this.#bad(field, 'a decimal')
    }
  }

  whole(field: string): number {
    const value = this.#object[field]
    const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isSafeInteger(number))
      throw this.#bad(field, 'a whole number')
    return number
  }

  /** Milliseconds since 1970. */
  time(field: string): number {
    const time = this.whole(field)
    if (time < 0) throw this.#bad(field, 'a time')
    return time
  }

  /** The first of several fields that is there: some calls name the time of an order otherwise. */
  firstTime(...fields: readonly [string, ...string[]]): number {
    return this.time(fields.find((field) => this.has(field)) ?? fields[0])
  }

  flag(field: string): boolean {
    const value = this.#object[field]
    if (value === true || value === 'true') return true
    if (value === false || value === 'false') return false
    throw this.#bad(field, 'true or false')
  }

  /** One of the words of a table, as what it stands for. A word that the table does not know is not guessed. */
  word<T>(field: string, table: Readonly<Record<string, T>>): T {
    const value = this.#object[field]
    const meaning =
      typeof value === 'string' && Object.hasOwn(table, value) ? table[value] : undefined
    if (meaning === undefined)
      throw this.#bad(field, `one of ${Object.keys(table).join(', ').slice(0, 200)}`)
    return meaning
  }

  list(field: string): readonly unknown[] {
    const value = this.#object[field]
    if (!Array.isArray(value)) throw this.#bad(field, 'a list')
    return value
  }
}

/** The objects of a list. */
export const fieldsOfAll = (value: unknown, name: string): AnswerFields[] => {
  if (!Array.isArray(value))
    throw new AnswerUnreadable(`${name} is ${shown(value)}, expected a list`)
  return value.map((one, index) => new AnswerFields(one, `${name}[${index}]`))
}

/** `GET /fapi/v1/time`. */
export const readTime = (body: unknown): number => new AnswerFields(body, 'time').time('serverTime')
