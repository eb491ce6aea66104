import { TapedeckError } from '@tapedeck/contracts'
import { timingSafeEqual } from 'node:crypto'
import type { SimulatedVenue } from '../simulated-venue.ts'
import type { VenueRequest, VenueResponse } from '../venue-request.ts'
import { ACCOUNT_CONTROL } from './account-control.ts'
import { ControlError, notFound } from './control-error.ts'
import type { ControlRoute } from './control-route.ts'
import { FAULT_CONTROL } from './fault-control.ts'
import { MARKET_CONTROL } from './market-control.ts'
import { VENUE_CONTROL } from './venue-control.ts'

/** Where the control interface lives; no path of the venue begins so. */
export const CONTROL_PREFIX = '/sim/v1'

const ROUTES: readonly ControlRoute[] = [
  ...VENUE_CONTROL,
  ...ACCOUNT_CONTROL,
  ...MARKET_CONTROL,
  ...FAULT_CONTROL,
]

/** Every method and path, for documentation and errors. */
export const CONTROL_PATHS: readonly string[] = ROUTES.map(
  ({ method, path }) => `${method} ${CONTROL_PREFIX}${path}`,
)

const BAD_REQUEST = 400
const UNAUTHORIZED = 401
const FORBIDDEN = 403

/** What stands at the named places of a path; null when it is another path. */
const match = (pattern: string, path: string): Record<string, string> | null => {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const named: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    const text = given[i] ?? ''
    if (part.startsWith('{')) named[part.slice(1, -1)] = text
    else if (part !== text) return null
  }
  return named
}

/** An address, a name of this machine, or one without a dot, as containers have. */
const OWN_HOST = /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:.]+\]|([\w-]+\.)?localhost|[\w-]+)(:\d{1,5})?$/i

/**
 * Whether no web page can be behind a request: a page may point a name of its own at this machine, and its
 * browser then takes this port for the page's server. Such a name has a dot.
 */
const isAskedUnderOwnName = ({ headers }: VenueRequest): boolean =>
  headers['host'] === undefined || OWN_HOST.test(headers['host'])

const isAllowed = (token: string | null, { headers }: VenueRequest): boolean => {
  if (token === null) return true
  const given = Buffer.from(headers['authorization'] ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const statusOf = (error: unknown): number | null => {
  if (error instanceof ControlError) return error.status
  return error instanceof RangeError || error instanceof TapedeckError ? BAD_REQUEST : null
}

/**
 * The control interface: what an operator or a test does to the venue, apart from what clients do on it.
 * Never throws for what is sent.
 */
export class ControlApi {
  readonly #venue: SimulatedVenue
  readonly #token: string | null
  #serial = 0

  /** `token`: wanted as `authorization: Bearer <token>`; null: open to whoever reaches the port. */
  constructor(venue: SimulatedVenue, token: string | null) {
    this.#venue = venue
    this.#token = token
  }

  handle(request: VenueRequest): VenueResponse {
    try {
      return asJson(200, this.#answer(request))
    } catch (error) {
      const status = statusOf(error)
      if (status === null) throw error
      return asJson(status, { error: (error as Error).message })
    }
  }

  #answer(request: VenueRequest): object {
    if (!isAllowed(this.#token, request))
      throw new ControlError(UNAUTHORIZED, 'authorization: expected Bearer and the control token')
    if (this.#token === null && !isAskedUnderOwnName(request))
      throw new ControlError(
        FORBIDDEN,
        `host ${request.headers['host']}: expected an address, localhost or a name without a dot; a venue with a control token answers under any name`,
      )
    const path = request.path.slice(CONTROL_PREFIX.length)
    for (const route of ROUTES) {
      if (route.method !== request.method) continue
      const named = match(route.path, path)
      if (named === null) continue
      return route.answer({ venue: this.#venue, request, named, serial: ++this.#serial })
    }
    throw notFound(
      `${request.method} ${request.path}: does not exist; known are ${CONTROL_PATHS.join(', ')}`,
    )
  }
}

const asJson = (status: number, body: object): VenueResponse => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8' },
  body: JSON.stringify(body),
})
