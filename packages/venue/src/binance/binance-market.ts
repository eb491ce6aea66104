import { TapedeckError } from '@tapedeck/contracts'
import {
  machineClock,
  silentLog,
  type VenueClock,
  type VenueLog,
  type VenueMarket,
} from '../port/index.ts'
import { SecretHider } from './credentials/index.ts'
import { createMarketData } from './market-data.ts'
import type { NetworkUrls } from './networks.ts'
import { RestClient, type FetchLike, type RestVenue } from './rest/index.ts'
import type { LiveFeedTimes, OpenLink } from './streams/index.ts'

/** Nothing is signed; ccxt wants a figure. */
const RECV_WINDOW_MS = 5_000
const REQUEST_MS_MAX = 10_000

export type BinanceMarketOptions = {
  /** Default `binance-usdm`. */
  readonly venue?: RestVenue
  /** Public data are the same for everybody, so any host may be named. */
  readonly network: NetworkUrls
  /** Default: the machine's `fetch`. */
  readonly fetch?: FetchLike
  /** Default: a websocket. */
  readonly openLink?: OpenLink
  /** Default: the machine's. */
  readonly clock?: VenueClock
  readonly log?: VenueLog
  /** 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: () => number
  /** When a request without an answer is given up, ms. Default 10000. */
  readonly requestMsMax?: number
  readonly times?: LiveFeedTimes
}

/**
 * Binance's public market data behind the port, USD-M or spot, without a key. Loads ccxt, which takes about
 * a second, and sends nothing yet.
 */
export const createBinanceMarket = async (options: BinanceMarketOptions): Promise<VenueMarket> => {
  const { venue = 'binance-usdm', clock = machineClock, log = silentLog, network } = options
  for (const [name, url] of Object.entries(network))
    if (!URL.canParse(url))
      throw new TapedeckError('CONFIG_INVALID', `${name} ${url.slice(0, 120)}: expected a URL`)
  const rest = await RestClient.create({
    venue,
    credentials: null,
    fetch: options.fetch ?? ((url, request) => fetch(url, request)),
    restUrl: network.restUrl.replace(/\/+$/, ''),
    clock,
    log,
    hider: new SecretHider(null),
    recvWindowMs: RECV_WINDOW_MS,
    requestMsMax: options.requestMsMax ?? REQUEST_MS_MAX,
  })
  const market = createMarketData({
    ...options,
    rest,
    streams: venue,
    venue,
    streamUrl: network.streamUrl.replace(/\/+$/, ''),
    clock,
    log,
  })
  return {
    ...market,
    close: async () => {
      await market.close()
      rest.close()
    },
  }
}
