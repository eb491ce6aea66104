import type { Route } from './route.ts'
import { ROUTES } from './routes/index.ts'
import { SESSION_ROUTES } from './routes/session-routes.ts'

/** Methods of the WebSocket API that ask what a path of REST asks, and are answered the same. */
const SAME_AS_REST: Readonly<Record<string, string>> = {
  ping: 'GET /fapi/v1/ping',
  time: 'GET /fapi/v1/time',
  depth: 'GET /fapi/v1/depth',
  'ticker.price': 'GET /fapi/v1/ticker/price',
  'ticker.book': 'GET /fapi/v1/ticker/bookTicker',
  'order.place': 'POST /fapi/v1/order',
  'order.modify': 'PUT /fapi/v1/order',
  'order.cancel': 'DELETE /fapi/v1/order',
  'order.status': 'GET /fapi/v1/order',
  'algoOrder.place': 'POST /fapi/v1/algoOrder',
  'algoOrder.cancel': 'DELETE /fapi/v1/algoOrder',
  'account.balance': 'GET /fapi/v2/balance',
  'v2/account.balance': 'GET /fapi/v3/balance',
  'account.status': 'GET /fapi/v2/account',
  'v2/account.status': 'GET /fapi/v3/account',
  'account.position': 'GET /fapi/v2/positionRisk',
  'v2/account.position': 'GET /fapi/v3/positionRisk',
  'userDataStream.start': 'POST /fapi/v1/listenKey',
  'userDataStream.ping': 'PUT /fapi/v1/listenKey',
  'userDataStream.stop': 'DELETE /fapi/v1/listenKey',
}

const BY_ROUTE = new Map(ROUTES.map((route) => [`${route.method} ${route.path}`, route]))

const sameAsRest = ([method, rest]: [string, string]): [string, Route] => {
  const route = BY_ROUTE.get(rest)
  if (route === undefined) throw new Error(`${method}: there is no ${rest}`)
  return [method, route]
}

/** Every method of the WebSocket API (Binance USD-M docs), with the route that answers it. */
export const API_CALLS: ReadonlyMap<string, Route> = new Map([
  ...Object.entries(SAME_AS_REST).map(sameAsRest),
  ...SESSION_ROUTES.map((route): [string, Route] => [
    route.path.slice('/ws-fapi/v1/'.length),
    route,
  ]),
])

/** Names may carry the version that they have anyway: `v1/order.place`. */
const VERSION = /^v1\//

/** The route of a method; undefined for one that does not exist. */
export const apiCall = (method: string): Route | undefined =>
  API_CALLS.get(method) ?? API_CALLS.get(method.replace(VERSION, ''))
