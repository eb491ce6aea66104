import type { VenueRequest } from '../venue/venue-request.ts'
import { KEY_FORMAT, type ApiKey, type ApiKeys } from './api-keys.ts'
import { API_ERRORS } from './api-error.ts'
import type { Parameters } from './parameters.ts'
import { signedText } from './read-parameters.ts'
import type { Access } from './route.ts'

const WINDOW_USUAL_MS = 5000
const WINDOW_MAX_MS = 60_000
/** How far a timestamp may be ahead of the venue's clock. */
const AHEAD_MAX_MS = 1000

const checkTime = (parameters: Parameters, time: number): void => {
  const timestamp = parameters.integer('timestamp')
  const window =
    parameters.optionalInteger('recvWindow', { min: 1, max: WINDOW_MAX_MS }) ?? WINDOW_USUAL_MS
  if (timestamp >= time + AHEAD_MAX_MS) throw API_ERRORS.aheadOfServer()
  if (time - timestamp > window) throw API_ERRORS.outsideWindow()
}

/** The key that its connection is logged on with; null over HTTP, and for logging on itself. */
const sessionKeyOf = ({ call }: VenueRequest, access: Access): string | null =>
  access === 'logon' ? null : (call?.connection.session?.apiKey ?? null)

/** The key that is named: in a header, or on the WebSocket API as a parameter, or by its session. */
const namedKeyOf = (request: VenueRequest, access: Access): string => {
  const named = request.headers['x-mbx-apikey']
  if (named !== undefined || request.call === undefined) return named ?? ''
  const inSession = sessionKeyOf(request, access)
  if (inSession === null) throw API_ERRORS.missing('apiKey')
  return inSession
}

/**
 * The key in whose name a request is made; null where anyone may ask. In the venue's order: a key that
 * is one (-2014), time and signature sent (-1102), time within the window (-1021), a known key (-2015), its
 * signature (-1022), its permission (-2015). In a session of the key no signature is needed. Throws an
 * `ApiError`.
 */
export const authenticate = (
  request: VenueRequest,
  parameters: Parameters,
  needed: { readonly access: Access; readonly keys: ApiKeys; readonly time: number },
): ApiKey | null => {
  const { access, keys, time } = needed
  if (access === 'anyone') return null
  const apiKey = namedKeyOf(request, access)
  if (!KEY_FORMAT.test(apiKey)) throw API_ERRORS.badKeyFormat()
  const key = keys.find(apiKey)
  if (access === 'key') {
    if (key === null) throw API_ERRORS.rejectedKey()
    return key
  }
  parameters.require('timestamp')
  const isVouchedFor = apiKey === sessionKeyOf(request, access) && !parameters.has('signature')
  const signature = isVouchedFor ? null : parameters.text('signature')
  checkTime(parameters, time)
  if (key === null) throw API_ERRORS.rejectedKey()
  if (signature !== null && !key.verifier.isSigned(signedText(request), signature))
    throw API_ERRORS.badSignature()
  if (access !== 'logon' && !key.permissions.includes(access)) throw API_ERRORS.rejectedKey()
  return key
}
