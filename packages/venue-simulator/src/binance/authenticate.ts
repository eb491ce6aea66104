import type { VenueRequest } from '../venue/venue-request.ts'
import type { ApiKeys } from './api-keys.ts'
import { KEY_FORMAT } from './api-keys.ts'
import { API_ERRORS } from './api-error.ts'
import type { Parameters } from './parameters.ts'
import { signedText } from './read-parameters.ts'
import type { Access } from './route.ts'
import { isSignedBy } from './sign.ts'

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

/**
 * The account in whose name a request is made; empty where anyone may ask. In the venue's order: a key that
 * is one (-2014), time and signature sent (-1102), time within the window (-1021), a known key (-2015), its
 * signature (-1022), its permission (-2015). Throws an `ApiError`.
 */
export const authenticate = (
  request: VenueRequest,
  parameters: Parameters,
  needed: { readonly access: Access; readonly keys: ApiKeys; readonly time: number },
): string => {
  const { access, keys, time } = needed
  if (access === 'anyone') return ''
  const apiKey = request.headers['x-mbx-apikey'] ?? ''
  if (!KEY_FORMAT.test(apiKey)) throw API_ERRORS.badKeyFormat()
  const key = keys.find(apiKey)
  if (access === 'key') {
    if (key === null) throw API_ERRORS.rejectedKey()
    return key.account
  }
  parameters.require('timestamp')
  const signature = parameters.text('signature')
  checkTime(parameters, time)
  if (key === null) throw API_ERRORS.rejectedKey()
  if (!isSignedBy(key.secret, signedText(request), signature)) throw API_ERRORS.badSignature()
  if (!key.permissions.includes(access)) throw API_ERRORS.rejectedKey()
  return key.account
}
