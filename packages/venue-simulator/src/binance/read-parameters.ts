import type { VenueRequest } from '../venue/venue-request.ts'
import { API_ERRORS } from './api-error.ts'

const PARAMETERS_MAX = 200

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw API_ERRORS.illegalCharacters(text.slice(0, 50))
  }
}

const nameOf = (pair: string): string => {
  const equals = pair.indexOf('=')
  return decode(equals < 0 ? pair : pair.slice(0, equals))
}

const readPairs = (text: string): Map<string, string> => {
  const values = new Map<string, string>()
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const name = nameOf(pair)
    if (values.has(name) || values.size >= PARAMETERS_MAX) throw API_ERRORS.repeated()
    const equals = pair.indexOf('=')
    values.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)))
  }
  return values
}

/** A GET has no body, whatever is sent; a body of JSON is signed, but holds no parameters. */
const bodyOf = ({ method, body }: VenueRequest): string => (method === 'GET' ? '' : body)
const isForm = ({ headers }: VenueRequest): boolean =>
  !(headers['content-type'] ?? '').toLowerCase().includes('json')

/**
 * Parameters from query and form body; what is in both counts as the query says
 * (binance-ccxt-facts §2.4). Throws an `ApiError` for text that is not percent-encoded UTF-8, and for a
 * name that comes twice in the same place.
 */
export const readParameters = (request: VenueRequest): ReadonlyMap<string, string> => {
  const values = isForm(request) ? readPairs(bodyOf(request)) : new Map<string, string>()
  for (const [name, value] of readPairs(request.query)) values.set(name, value)
  return values
}

const withoutSignature = (text: string): string =>
  text
    .split('&')
    .filter((pair) => pair !== 'signature' && !pair.startsWith('signature='))
    .join('&')

/**
 * What a signature is computed over: raw query and raw body, one after the other, without itself; on the
 * WebSocket API what it says itself.
 */
export const signedText = (request: VenueRequest): string =>
  request.call?.signedText ?? withoutSignature(request.query) + withoutSignature(bodyOf(request))
