/** Integers and strings are echoed as they came; null where a frame has no id that could be read. */
export type FrameId = number | string | null

export type ClientFrame = { readonly id: FrameId } & (
  | { readonly method: 'SUBSCRIBE'; readonly names: readonly string[] }
  | { readonly method: 'UNSUBSCRIBE'; readonly names: readonly string[] }
  | { readonly method: 'LIST_SUBSCRIPTIONS' }
  | { readonly method: 'SET_PROPERTY'; readonly combined: boolean }
  | { readonly method: 'GET_PROPERTY' }
  | { readonly method: 'refused'; readonly code: number; readonly msg: string }
)

const METHODS = [
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'LIST_SUBSCRIPTIONS',
  'SET_PROPERTY',
  'GET_PROPERTY',
] as const
const FRAME_CHARACTERS_MAX = 65_536
const NAME_CHARACTERS_MAX = 256
const PARAMETERS_MAX = 1024
const ID_CHARACTERS_MAX = 64

const refused = (code: number, msg: string, id: FrameId): ClientFrame => ({
  method: 'refused',
  code,
  msg,
  id,
})

type Fields = Record<string, unknown>

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Undefined for an id that is neither. */
const idOf = (value: unknown): FrameId | undefined => {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  return typeof value === 'string' && value.length <= ID_CHARACTERS_MAX ? value : undefined
}

const isName = (one: unknown): one is string =>
  typeof one === 'string' && one !== '' && one.length <= NAME_CHARACTERS_MAX

const namesOf = (
  method: 'SUBSCRIBE' | 'UNSUBSCRIBE',
  params: unknown,
  id: FrameId,
): ClientFrame => {
  if (!Array.isArray(params)) return refused(2, 'Invalid request: params must be an array', id)
  if (params.length > PARAMETERS_MAX) return refused(2, 'Invalid request: too many parameters', id)
  if (!params.every(isName)) return refused(2, 'Invalid request: stream name must be a string', id)
  return { method, names: params, id }
}

const propertyOf = (
  method: 'SET_PROPERTY' | 'GET_PROPERTY',
  params: unknown,
  id: FrameId,
): ClientFrame => {
  const [name, value] = Array.isArray(params) ? (params as unknown[]) : []
  if (typeof name !== 'string')
    return refused(2, 'Invalid request: property name must be a string', id)
  if (name !== 'combined') return refused(0, 'Unknown property', id)
  if (method === 'GET_PROPERTY') return { method, id }
  if (typeof value !== 'boolean') return refused(1, 'Invalid value type: expected Boolean', id)
  return { method, combined: value, id }
}

/** Reads a text frame of a client. Never throws: what cannot be read is refused in the venue's words. */
export const readClientFrame = (text: string): ClientFrame => {
  if (text.length > FRAME_CHARACTERS_MAX) return refused(2, 'Invalid request: too long', null)
  const value = parse(text)
  if (value === undefined)
    return refused(3, 'Invalid JSON: expected value at line 1 column 1', null)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(2, 'Invalid request: expected an object', null)
  const { method, params, id: given } = value as Fields
  const id = idOf(given)
  if (id === undefined)
    return refused(2, 'Invalid request: request ID must be an unsigned integer or a string', null)
  if (method === undefined) return refused(2, 'Invalid request: missing field `method`', id)
  const known = METHODS.find((one) => one === method)
  if (known === undefined)
    return refused(
      2,
      `Invalid request: unknown variant \`${(JSON.stringify(method) ?? '').slice(0, 40)}\`, expected one of ${METHODS.map((one) => `\`${one}\``).join(', ')}`,
      id,
    )
  if (known === 'LIST_SUBSCRIPTIONS') return { method: known, id }
  return known === 'SUBSCRIBE' || known === 'UNSUBSCRIBE'
    ? namesOf(known, params, id)
    : propertyOf(known, params, id)
}
