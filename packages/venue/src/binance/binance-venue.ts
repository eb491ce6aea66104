import { TapedeckError } from '@tapedeck/contracts'
import { machineClock, silentLog, type VenueTrading } from '../port/index.ts'
import type { BinanceVenue, BinanceVenueOptions } from './binance-venue-options.ts'
import { SecretHider, createHidingLog } from './credentials/index.ts'
import { createMarketData } from './market-data.ts'
import { resolveNetwork } from './networks.ts'
import { RestClient, type FetchLike } from './rest/index.ts'
import { AccountStreams } from './account-streams.ts'
import {
  OrderIds,
  cancelAllOrders,
  cancelOrder,
  findOrder,
  listBalances,
  listFills,
  listFunding,
  listOpenOrders,
  listPositions,
  prepareAccount,
  submitOrder,
  type VenueDesk,
} from './trading/index.ts'

const RECV_WINDOW_MS = 5_000
const REQUEST_MS_MAX = 8_000
/** A time stamp may lie this far ahead of the venue's clock (binance-ccxt-facts §2.4), and ours is an estimate. */
const CLOCK_MARGIN_MS = 2_000

const defaultFetch: FetchLike = (url, request) => fetch(url, request)

const within = (name: string, value: number, min: number, max: number): number => {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new TapedeckError(
    'CONFIG_INVALID',
    `${name} is ${value}: expected a whole number ${min} to ${max}`,
  )
}

const tradingAt = (
  desk: VenueDesk,
): Omit<VenueTrading, 'venue' | 'serverTime' | 'openAccountStream'> => ({
  prepareAccount: (setup) => prepareAccount(desk, setup),
  submitOrder: (request) => submitOrder(desk, request),
  cancelOrder: (request) => cancelOrder(desk, request),
  cancelAllOrders: (symbol) => cancelAllOrders(desk, symbol),
  findOrder: (symbol, clientOrderId) => findOrder(desk, symbol, clientOrderId),
  openOrders: (symbols) => listOpenOrders(desk, symbols),
  positions: (symbols) => listPositions(desk, symbols),
  fills: (symbol, since) => listFills(desk, symbol, since),
  balances: () => listBalances(desk),
  funding: (symbol, since) => listFunding(desk, symbol, since),
})

/**
 * Binance USD-M futures behind the port: orders by REST, what becomes of them by the account stream, market data
 * by the public ones. Loads ccxt and sends nothing; the first call asks the venue for its time. Throws
 * CONFIG_INVALID for options that cannot work, and never for what a venue does.
 */
export const createBinanceVenue = async (options: BinanceVenueOptions): Promise<BinanceVenue> => {
  const { credentials, clock = machineClock, venue = 'binance-usdm' } = options
  const recvWindowMs = within('recvWindowMs', options.recvWindowMs ?? RECV_WINDOW_MS, 1_000, 60_000)
  const requestMsMax = within('requestMsMax', options.requestMsMax ?? REQUEST_MS_MAX, 100, 120_000)
  const { restUrl, streamUrl } = resolveNetwork(options.network)
  const hider = new SecretHider(credentials)
  const log = createHidingLog(options.log ?? silentLog, hider)
  const rest = await RestClient.create({
    credentials,
    fetch: options.fetch ?? defaultFetch,
    restUrl,
    clock,
    log,
    hider,
    recvWindowMs,
    requestMsMax,
    ...(options.rereadCredentials === undefined
      ? {}
      : { rereadCredentials: options.rereadCredentials }),
  })
  const orderIds = new OrderIds()
  const desk: VenueDesk = {
    venue,
    rest,
    log,
    orderIds,
    workingType: options.workingType ?? 'CONTRACT_PRICE',
  }
  const market = createMarketData({
    rest,
    streams: 'binance-usdm',
    venue,
    streamUrl,
    clock,
    log,
    ...(options.openLink === undefined ? {} : { openLink: options.openLink }),
    ...(options.random === undefined ? {} : { random: options.random }),
  })
  const streams = new AccountStreams({ desk, hider, streamUrl, clock, options })
  return {
    ...market,
    ...tradingAt(desk),
    recvWindowMs,
    lateArrivalMs: recvWindowMs + CLOCK_MARGIN_MS,
    get clockOffsetMs() {
      return rest.clock.offset
    },
    get weightUsed() {
      return rest.limiter.usage().weight
    },
    get weightLimit() {
      return rest.limiter.usage().weightLimit
    },
    get pausedMs() {
      return Math.max(0, Math.ceil(rest.limiter.usage().pausedUntil - rest.clock.now()))
    },
    get listenKeyKeptAt() {
      return streams.listenKeyKeptAt
    },
    get keyProblem() {
      return rest.keyProblem
    },
    openAccountStream: (listener) => streams.open(listener),
    close: async () => {
      await market.close()
      await streams.stopAll()
      rest.close()
    },
  }
}
