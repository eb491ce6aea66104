import { API_ERRORS, type ApiError } from './api-error.ts'

const INTEGER = /^-?\d{1,16}$/
/** Signs are let through: that a quantity is negative is for the filters to say. */
const DECIMAL = /^-?\d{1,20}(\.\d{1,20})?$/

export type IntegerBounds = { readonly min?: number; readonly max?: number }

/**
 * Parameters of one request, read one by one: absent or malformed is -1102, an optional one that is empty
 * -1105, out of bounds -1130. Every method throws an `ApiError`.
 */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** As sent, unchecked; undefined when not. */
  peek(name: string): string | undefined {
    return this.#values.get(name)
  }

  /** Throws -1102 for the first one that is absent or empty. */
  require(...names: readonly string[]): void {
    for (const name of names) this.text(name)
  }

  text(name: string): string {
    const value = this.#values.get(name)
    if (value === undefined || value === '') throw API_ERRORS.missing(name)
    return value
  }

  optionalText(name: string): string | undefined {
    const value = this.#values.get(name)
    if (value === '') throw API_ERRORS.empty(name)
    return value
  }

  integer(name: string, bounds: IntegerBounds = {}): number {
    const text = this.text(name)
    const value = Number(text)
    if (!INTEGER.test(text) || !Number.isSafeInteger(value)) throw API_ERRORS.missing(name)
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds
    if (value < min || value > max) throw API_ERRORS.invalid(name)
    return value
  }

  optionalInteger(name: string, bounds: IntegerBounds = {}): number | undefined {
    return this.optionalText(name) === undefined ? undefined : this.integer(name, bounds)
  }

  /** `limit`, between 1 and `max`; `usual` when absent. */
  limit(usual: number, max: number): number {
    return this.optionalInteger('limit', { min: 1, max }) ?? usual
  }

  /** A plain decimal as text, unchanged: no exponent, no blanks. */
  decimal(name: string): string {
    const text = this.text(name)
    if (!DECIMAL.test(text)) throw API_ERRORS.missing(name)
    return text
  }

  optionalDecimal(name: string): string | undefined {
    return this.optionalText(name) === undefined ? undefined : this.decimal(name)
  }

  /** One of a closed list; anything else throws `otherwise`. */
  oneOf<T extends string>(
    name: string,
    values: readonly T[],
    otherwise: (given: string) => ApiError,
  ): T {
    const text = this.text(name)
    const found = values.find((value) => value === text)
    if (found === undefined) throw otherwise(text)
    return found
  }

  optionalOneOf<T extends string>(
    name: string,
    values: readonly T[],
    otherwise: (given: string) => ApiError,
  ): T | undefined {
    return this.optionalText(name) === undefined ? undefined : this.oneOf(name, values, otherwise)
  }

  /** `true` or `false`, in any case. */
  optionalBoolean(
    name: string,
    otherwise: () => ApiError = () => API_ERRORS.invalid(name),
  ): boolean | undefined {
    const text = this.optionalText(name)?.toLowerCase()
    if (text === undefined) return undefined
    if (text !== 'true' && text !== 'false') throw otherwise()
    return text === 'true'
  }
}
