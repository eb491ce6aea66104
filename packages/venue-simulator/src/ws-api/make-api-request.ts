import { apiCall } from '../binance/index.ts'
import type { ApiConnection, VenueRequest } from '../venue/venue-request.ts'
import type { ApiFrame } from './read-api-frame.ts'

const NAMED_BY_HEADER = 'apiKey'
const SIGNATURE = 'signature'

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a < b ? -1 : Number(a > b)

/** `a=1&b=x`: all but the signature, by name, as they are, without any escaping (Binance USD-M docs). */
const signedTextOf = (parameters: ReadonlyMap<string, string>): string =>
  [...parameters]
    .filter(([name]) => name !== SIGNATURE)
    .toSorted(byName)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** Where REST has the parameters: in the query; the API key in its header. */
const queryOf = (parameters: ReadonlyMap<string, string>): string =>
  [...parameters]
    .filter(([name]) => name !== NAMED_BY_HEADER)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')

/**
 * The request that a frame makes: of the path of REST that asks the same, so that limits, faults and
 * whatever else looks at requests sees no difference.
 */
export const makeApiRequest = (
  { method, parameters, problem }: ApiFrame,
  connection: ApiConnection,
  remote: string,
): VenueRequest => {
  const route = apiCall(method)
  const apiKey = parameters.get(NAMED_BY_HEADER)
  return {
    method: route?.method ?? 'GET',
    path: route?.path ?? `/ws-fapi/v1/${method}`,
    query: queryOf(parameters),
    body: '',
    headers: apiKey === undefined ? {} : { 'x-mbx-apikey': apiKey },
    remote,
    call: { method, signedText: signedTextOf(parameters), connection, problem },
  }
}
