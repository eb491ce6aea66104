import { KLINE_INTERVALS } from '../exchange/index.ts'
import type { StreamRoute } from './stream-path.ts'

const MARKET: readonly RegExp[] = [
  /^[a-z0-9_]{1,40}@(?:aggTrade|miniTicker|ticker|forceOrder|compositeIndex)$/,
  /^[a-z0-9_]{1,40}@markPrice(?:@1s)?$/,
  /^!(?:markPrice@arr(?:@1s)?|miniTicker@arr|ticker@arr|forceOrder@arr|contractInfo|assetIndex@arr)$/,
  new RegExp(`^[a-z0-9_]{1,40}@(?:kline|continuousKline)_(?:${KLINE_INTERVALS.join('|')})$`),
]

const PUBLIC: readonly RegExp[] = [
  /^[a-z0-9_]{1,40}@(?:trade|bookTicker)$/,
  /^[a-z0-9_]{1,40}@depth(?:5|10|20)?(?:@(?:100|250|500)ms)?$/,
  /^[a-z0-9_]{1,40}@rpiDepth(?:@500ms)?$/,
  /^!bookTicker$/,
]

/** On which route a stream is told; null for a name that is none. */
export const routeOfStream = (name: string): 'public' | 'market' | null => {
  if (MARKET.some((pattern) => pattern.test(name))) return 'market'
  return PUBLIC.some((pattern) => pattern.test(name)) ? 'public' : null
}

/**
 * Whether a stream says anything on a connection of that route. It is accepted either way: on the wrong
 * route, and on the address without a route for all but the public set, it stays silent.
 */
export const speaksOn = (route: StreamRoute, name: string): boolean => {
  const home = routeOfStream(name)
  return home !== null && (route === 'legacy' ? home === 'public' : home === route)
}
