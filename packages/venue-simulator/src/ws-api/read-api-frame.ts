import { API_ERRORS, type ApiError } from '../binance/index.ts'

/** A text frame of a client, as far as it can be read. */
export type ApiFrame = {
  /** As JSON text, as it came; `null` where it cannot be read. */
  readonly id: string
  /** Empty where it cannot be read. */
  readonly method: string
  /** Values as the texts that are signed: numbers as they were written. */
  readonly parameters: ReadonlyMap<string, string>
  readonly problem: ApiError | null
}

const FRAME_CHARACTERS_MAX = 65_536
const ID_CHARACTERS_MAX = 256
const METHOD_CHARACTERS_MAX = 100
const PARAMETERS_MAX = 200
const NO_ID = 'null'
const INTEGER = /^-?\d+$/

/** A number as it was written: `1.0` is not `1` to a signature, and 64 bits are more than a number holds. */
class Literal {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown

const keepNumbers: Reviver = (_key, value, context) =>
  typeof value === 'number' ? new Literal(context?.source ?? String(value)) : value

const parse = (text: string): unknown => {
  if (text.length > FRAME_CHARACTERS_MAX) return undefined
  try {
    return JSON.parse(text, keepNumbers) as unknown
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Literal)

/** The id as JSON text; null for what is none. */
const idOf = (id: unknown): string | null => {
  if (id === null) return NO_ID
  if (typeof id === 'string') return id.length <= ID_CHARACTERS_MAX ? JSON.stringify(id) : null
  if (!(id instanceof Literal) || id.text.length > ID_CHARACTERS_MAX) return null
  return INTEGER.test(id.text) ? id.text : null
}

/** What is sent as JSON within JSON is signed as its text. */
const asJson = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) => (one instanceof Literal ? Number(one.text) : one))

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (value instanceof Literal) return value.text
  return typeof value === 'boolean' ? String(value) : asJson(value)
}

/** Parameters as texts, without those that are null; null when there are more than anyone sends. */
const parametersOf = (params: Readonly<Record<string, unknown>>): Map<string, string> | null => {
  const entries = Object.entries(params)
  if (entries.length > PARAMETERS_MAX) return null
  return new Map(
    entries
      .filter(([, value]) => value !== null)
      .map(([name, value]): [string, string] => [name, textOf(value)]),
  )
}

/** The first text that holds half a character: it has no bytes that could be signed. */
const illFormed = (parameters: ReadonlyMap<string, string>): string | null => {
  for (const [name, value] of parameters)
    if (!name.isWellFormed() || !value.isWellFormed()) return name.toWellFormed().slice(0, 50)
  return null
}

const refused = (problem: ApiError, id = NO_ID): ApiFrame => ({
  id,
  method: '',
  parameters: new Map(),
  problem,
})

/** Reads a text frame of a client. Never throws: what cannot be read has its `problem`. */
export const readApiFrame = (text: string): ApiFrame => {
  const value = parse(text)
  if (!isObject(value)) return refused(API_ERRORS.notJson())
  const { id: givenId, method, params = {} } = value
  if (givenId === undefined) return refused(API_ERRORS.missing('id'))
  const id = idOf(givenId)
  if (id === null) return refused(API_ERRORS.invalid('id'))
  if (method === undefined || method === '') return refused(API_ERRORS.missing('method'), id)
  if (typeof method !== 'string' || method.length > METHOD_CHARACTERS_MAX || !method.isWellFormed())
    return refused(API_ERRORS.invalid('method'), id)
  if (!isObject(params)) return refused(API_ERRORS.invalid('params'), id)
  const parameters = parametersOf(params)
  if (parameters === null) return refused(API_ERRORS.invalid('params'), id)
  const broken = illFormed(parameters)
  if (broken !== null) return refused(API_ERRORS.illegalCharacters(broken), id)
  return { id, method, parameters, problem: null }
}
