import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { TapedeckError, instrumentsOf, type Instrument } from '@tapedeck/contracts'
import {
  createBinanceMarket,
  isBinanceMarketReachable,
  type NetworkUrls,
  type VenueInstrument,
  type VenueLog,
  type VenueMarket,
} from '@tapedeck/venue'
import type { IngestContext } from './ingest-context.ts'
import type { Source } from './source.ts'

const PROBE_MS_MAX = 3_000
/** Live batches carry at most this much time, so that a print waits no longer than this. */
const BATCH_MS = 5
const BATCH_TRADES = 100

/** Two megabytes, on a slow line. */
const LIST_MS_MAX = 8_000

const withinMs = async <T>(work: Promise<T>, ms: number): Promise<T | null> => {
  const given = new AbortController()
  try {
    return await Promise.race([work, sleep(ms, null, { signal: given.signal })])
  } finally {
    given.abort()
  }
}

const LABELS = {
  'binance-usdm': 'Binance USD-M public streams',
  'binance-spot': 'Binance spot public streams',
} as const

/** False for a simulated venue, or for whatever else answers in its words. */
const isBinance = (restUrl: string): boolean =>
  /(^|\.)binance\.com$/.test(new URL(restUrl).hostname)

/** Where the live venue is asked. */
const networkOf = ({ config }: IngestContext): NetworkUrls =>
  config.TAPEDECK_SOURCE_VENUE === 'binance-spot'
    ? {
        restUrl: config.TAPEDECK_BINANCE_SPOT_REST_URL,
        streamUrl: config.TAPEDECK_BINANCE_SPOT_STREAM_URL,
      }
    : {
        restUrl: config.TAPEDECK_BINANCE_REST_URL,
        streamUrl: config.TAPEDECK_BINANCE_STREAM_URL,
      }

/** Whether the venue's public data can be had from here: answers and streams, both soon. */
export const isLiveReachable = async (context: IngestContext): Promise<boolean> =>
  await isBinanceMarketReachable(
    networkOf(context),
    PROBE_MS_MAX,
    context.config.TAPEDECK_SOURCE_VENUE,
  )

const logOf = ({ logger }: IngestContext): VenueLog => ({
  info: (message, details) => logger.info({ event: 'venue_stream', ...details }, message),
  warn: (message, details) => logger.warn({ event: 'venue_stream', ...details }, message),
})

/** The venue's filters are the truth; the configuration only says which instruments. */
const withFilters = (configured: Instrument, listed: VenueInstrument | undefined): Instrument => {
  const { venue, symbol } = configured
  if (listed === undefined)
    throw new TapedeckError('SYMBOL_UNKNOWN', `${venue} does not list ${symbol}`)
  // Maintenance, or a settlement: it will be over.
  if (listed.status !== 'TRADING')
    throw new TapedeckError(
      'UPSTREAM_UNAVAILABLE',
      `${venue} does not trade ${symbol} now: ${listed.status}`,
    )
  const { tick_size, lot_size, min_quantity, min_notional } = listed
  return { ...configured, tick_size, lot_size, min_quantity, min_notional }
}

/** What is configured, as the venue lists it. Throws UPSTREAM_UNAVAILABLE, and SYMBOL_UNKNOWN for what it does not list. */
const listedInstruments = async (
  market: VenueMarket,
  configured: readonly Instrument[],
  { restUrl }: NetworkUrls,
): Promise<Instrument[]> => {
  const listed = await withinMs(market.instruments(), LIST_MS_MAX)
  if (listed?.outcome !== 'known') {
    const reason = listed?.detail ?? `no list of instruments in ${LIST_MS_MAX} ms`
    throw new TapedeckError('UPSTREAM_UNAVAILABLE', `${restUrl}: ${reason}`)
  }
  return configured.map((one) => withFilters(one, listed.value.get(one.symbol)))
}

/**
 * Binance, live. The market cannot be played again, so its run has a random id, kept in the
 * checkpoint: a restart goes on with the same run.
 */
export const liveSource = async (
  context: IngestContext,
  symbol: string | undefined,
  previous: { readonly key: string | null; readonly runId: string | null },
): Promise<Source> => {
  const venue = context.config.TAPEDECK_SOURCE_VENUE
  const configured = instrumentsOf(context.trading).filter(
    (one) => one.venue === venue && (symbol === undefined || one.symbol === symbol),
  )
  if (configured.length === 0)
    throw new TapedeckError(
      'SYMBOL_UNKNOWN',
      `no instrument of venue ${venue}${symbol === undefined ? '' : ` with symbol ${symbol}`} is configured`,
    )
  const network = networkOf(context)
  const market = await createBinanceMarket({ venue, network, log: logOf(context) })
  const instruments = await listedInstruments(market, configured, network).catch(
    async (error: unknown) => {
      await market.close()
      throw error
    },
  )
  const where = venue === 'binance-usdm' ? '' : `${venue}|`
  const key = `live|${where}${instruments.map((one) => one.symbol).join(',')}`
  const goesOn = previous.key === key && previous.runId !== null
  return {
    kind: 'live',
    label: isBinance(network.restUrl)
      ? LABELS[venue]
      : `a venue like ${venue} at ${new URL(network.restUrl).host}`,
    key,
    runId: goesOn ? previous.runId : randomUUID(),
    instruments,
    composer: { batchMs: BATCH_MS, batchTrades: BATCH_TRADES },
    repeatable: false,
    realTime: true,
    events: ({ lastTradeIds }, signal) => {
      signal.addEventListener('abort', () => void market.close(), { once: true })
      return market.openMarketFeed({ instruments, signal, lastTradeIds }).events()
    },
  }
}
