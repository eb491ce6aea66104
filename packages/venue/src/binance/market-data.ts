import { TapedeckError } from '@tapedeck/contracts'
import type { DepthEvent, TradeEvent } from '@tapedeck/core'
import {
  known,
  type VenueClock,
  type VenueInstrument,
  type VenueLog,
  type VenueMarket,
  type VenueResult,
} from '../port/index.ts'
import { readSighted, snapshotEvent, type InstrumentGrid } from './market/index.ts'
import { AnswerFields, fieldsOfAll, type RestClient, type RestVenue } from './rest/index.ts'
import {
  BinanceLiveFeed,
  type LiveFeedTimes,
  type MarketRest,
  type OpenLink,
} from './streams/index.ts'
import { readExchangeInfo } from './read-exchange-info.ts'

const DEPTH_LIMIT = 1000
const TRADES_LIMIT = 1000

export type MarketDataOptions = {
  readonly rest: RestClient
  /** Whose streams: their routes and the rules of their books. */
  readonly streams: RestVenue
  /** Name of the venue in what it says. */
  readonly venue: string
  /** Without a slash at the end. */
  readonly streamUrl: string
  readonly clock: VenueClock
  readonly log: VenueLog
  readonly openLink?: OpenLink
  /** 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: () => number
  readonly times?: LiveFeedTimes
}

const valueOf = <T>(result: VenueResult<T>): T => {
  if (result.outcome === 'known') return result.value
  throw new TapedeckError('UPSTREAM_UNAVAILABLE', result.detail)
}

const readDepth =
  (grid: InstrumentGrid) =>
  (body: unknown): DepthEvent => {
    const fields = new AnswerFields(body, 'depth')
    // Spot does not say when.
    const time = fields.has('T') ? { T: fields.time('T') } : {}
    const [bids, asks] = [fields.list('bids'), fields.list('asks')]
    return snapshotEvent({ lastUpdateId: fields.whole('lastUpdateId'), ...time, bids, asks }, grid)
  }

const readAggTrades =
  (grid: InstrumentGrid) =>
  (body: unknown): TradeEvent[] =>
    fieldsOfAll(body, 'aggTrades').map((fields) => {
      const data = {
        a: fields.whole('a'),
        p: fields.text('p'),
        q: fields.text('q'),
        T: fields.time('T'),
        m: fields.flag('m'),
      }
      return readSighted({ kind: 'aggTrade', symbol: grid.symbol, data }, grid) as TradeEvent
    })

/** The questions that repair streams, through the limiter that everything else goes through. */
const createMarketRest = (rest: RestClient): MarketRest => ({
  depthSnapshot: async (grid) =>
    valueOf(
      await rest.ask(
        rest.api.depth,
        { symbol: grid.symbol, limit: DEPTH_LIMIT },
        'market',
        readDepth(grid),
      ),
    ),
  aggTrades: async (grid, fromId) =>
    valueOf(
      await rest.ask(
        rest.api.aggTrades,
        { symbol: grid.symbol, fromId, limit: TRADES_LIMIT },
        'market',
        readAggTrades(grid),
      ),
    ),
})

const readInstruments = async (
  rest: RestClient,
  log: VenueLog,
): Promise<VenueResult<ReadonlyMap<string, VenueInstrument>>> => {
  const info = await rest.ask(rest.api.exchangeInfo, {}, 'query', readExchangeInfo)
  if (info.outcome === 'unknown') return info
  const { instruments, limits, leftOut } = info.value
  rest.limiter.setLimits(limits)
  if (leftOut.length > 0)
    log.warn('instruments that cannot be read are left out', {
      count: leftOut.length,
      first: leftOut.slice(0, 5),
    })
  return known(instruments)
}

/** The public half of the port upon a REST client, which the caller closes. `close` ends the feeds. */
export const createMarketData = (options: MarketDataOptions): VenueMarket => {
  const { rest, streams, venue, streamUrl, clock, log, openLink, random, times } = options
  const marketRest = createMarketRest(rest)
  const closing = new AbortController()
  return {
    venue,
    serverTime: () => rest.askTime(),
    instruments: () => readInstruments(rest, log),
    openMarketFeed: (request) =>
      new BinanceLiveFeed({
        ...times,
        ...request,
        signal: AbortSignal.any([request.signal, closing.signal]),
        venue: streams,
        rest: marketRest,
        streamUrl,
        clock,
        log,
        ...(openLink === undefined ? {} : { openLink }),
        ...(random === undefined ? {} : { random }),
      }),
    close: () => {
      closing.abort()
      return Promise.resolve()
    },
  }
}
