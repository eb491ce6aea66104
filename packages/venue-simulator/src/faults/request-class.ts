import type { VenueRequest } from '../venue/venue-request.ts'
import type { RequestClass, Target } from './fault-plan.ts'

const ORDERS = new Set(['/fapi/v1/order', '/fapi/v1/batchOrders', '/fapi/v1/algoOrder'])
const CANCELS = new Set([...ORDERS, '/fapi/v1/allOpenOrders', '/fapi/v1/algoOpenOrders'])
const MARKET = new Set(
  [
    'ping',
    'trades',
    'historicalTrades',
    'aggTrades',
    'klines',
    'continuousKlines',
    'indexPriceKlines',
    'markPriceKlines',
    'premiumIndex',
    'fundingRate',
    'fundingInfo',
    'openInterest',
    'ticker/bookTicker',
    'ticker/24hr',
    'ticker/price',
  ].flatMap((name) => [`/fapi/v1/${name}`, `/fapi/v2/${name}`]),
)

/** What a request is about; more than one where one is a part of another. */
export const classesOf = ({ method, path }: VenueRequest): readonly RequestClass[] => {
  if (path.endsWith('/listenKey')) return ['listen_key']
  if (method === 'POST' && ORDERS.has(path)) return ['orders']
  if (method === 'POST' && path.endsWith('/countdownCancelAll')) return ['cancels']
  if (method === 'DELETE' && CANCELS.has(path)) return ['cancels']
  if (method === 'PUT' && ORDERS.has(path)) return ['amends']
  if (method !== 'GET') return ['settings']
  if (path === '/fapi/v1/time') return ['time']
  if (path === '/fapi/v1/exchangeInfo') return ['exchange_info']
  if (path === '/fapi/v1/depth') return ['depth', 'market']
  return MARKET.has(path) ? ['market'] : ['queries']
}

/** Parameters as sent, in the query or the body; where both have one, the query's. */
const parametersOf = ({ query, body }: VenueRequest): URLSearchParams => {
  const parameters = new URLSearchParams(body)
  for (const [name, value] of new URLSearchParams(query)) parameters.set(name, value)
  return parameters
}

/** True when a fault that is aimed at `target` may act on the request. */
export const aimsAtRequest = (target: Target, request: VenueRequest): boolean => {
  const { requests, methods, paths, symbols } = target
  if (methods?.every((method) => method !== request.method) === true) return false
  if (paths?.includes(request.path) === false) return false
  if (requests !== undefined && !classesOf(request).some((name) => requests.includes(name)))
    return false
  return symbols === undefined || symbols.includes(parametersOf(request).get('symbol') ?? '')
}

/** True for an order that can only reduce a position: what a busy venue still takes. */
export const canOnlyReduce = (request: VenueRequest): boolean => {
  const parameters = parametersOf(request)
  return parameters.get('reduceOnly') === 'true' || parameters.get('closePosition') === 'true'
}
