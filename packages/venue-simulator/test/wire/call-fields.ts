import type { Shape } from './check-fields.ts'
import { ERROR_FIELDS, REST_FIELDS } from './rest-fields.ts'
import { LIMIT, of } from './shapes.ts'

const ENVELOPE = {
  id: 's|i|null',
  status: 'i',
  'rateLimits?': [of({ ...LIMIT, count: 'i' })],
} as const

const SESSION = of({
  apiKey: 's|null',
  authorizedSince: 'i|null',
  connectedSince: 'i',
  returnRateLimits: 'b',
  serverTime: 'i',
})

/** A frame that answers with status 200 what REST answers by this name. */
export const callFields = (rest: string): Shape | undefined => {
  const result = rest.includes('/session.') ? SESSION : REST_FIELDS[rest]
  return result === undefined ? undefined : of({ ...ENVELOPE, result })
}

/** A frame with every other status. */
export const CALL_ERROR: Shape = of({ ...ENVELOPE, error: ERROR_FIELDS })
