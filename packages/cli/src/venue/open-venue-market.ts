import { TapedeckError, instrumentsOf, type Instrument } from '@tapedeck/contracts'
import { openRecording } from '@tapedeck/recordings'
import { loadTradingConfig } from '@tapedeck/runtime'
import { createBinanceMarket, isBinanceReachable } from '@tapedeck/venue'
import {
  GeneratedSource,
  LiveSource,
  RecordingSource,
  type MarketSource,
} from '@tapedeck/venue-simulator'
import { recordingPaths } from '../playback/recording-files.ts'
import { MAX_LEVERAGE, generatedSymbols, listedOf } from './generated-symbols.ts'
import { symbolsOf, type ResumedVenue } from './resume-venue.ts'
import { resumedGenerated, resumedInstruments, resumedRecording } from './resumed-market.ts'
import type { VenueCommand } from './venue-command.ts'

export interface VenueMarket {
  readonly source: MarketSource
  /** For people. */
  readonly label: string
  readonly stop: () => Promise<void>
}

const PROBE_MS_MAX = 3000
const LIVE_VENUE = 'binance-usdm'
const REST_URL = 'https://fapi.binance.com'
const STREAM_URL = 'wss://fstream.binance.com'

const generated = (
  command: VenueCommand,
  startTime: number,
  resumed: ResumedVenue | null,
): VenueMarket => {
  const symbols = resumed?.facts.symbols ?? symbolsOf(command)
  const grids =
    resumed === null ? listedOf(loadTradingConfig(command.configPath)) : resumedInstruments(resumed)
  const made = generatedSymbols(symbols, grids)
  return {
    source:
      resumed === null
        ? new GeneratedSource({ symbols: made, seed: command.seed, startTime })
        : resumedGenerated(resumed, made),
    label: `generated, seed ${command.seed}: ${symbols.join(', ')}`,
    stop: async () => await Promise.resolve(),
  }
}

/** What a recording is of, by its own word; the configuration has the grids. */
const recordedInstruments = async (
  command: VenueCommand,
  files: readonly string[],
): Promise<readonly Instrument[]> => {
  const instruments = instrumentsOf(loadTradingConfig(command.configPath))
  const named = command.symbols.length === 0 ? [undefined] : [...new Set(command.symbols)]
  const opened = await Promise.all(
    named.map(async (symbol) =>
      openRecording({ files, instruments, ...(symbol === undefined ? {} : { symbol }) }),
    ),
  )
  return opened.flatMap((recording) => recording.instruments)
}

const recorded = async (
  command: VenueCommand,
  startTime: number,
  resumed: ResumedVenue | null,
): Promise<VenueMarket> => {
  const files = recordingPaths(command.files)
  const instruments = await recordedInstruments(command, files)
  const options = { files, instruments, startTime, loop: command.loop }
  const source =
    resumed === null
      ? await RecordingSource.open(options)
      : await resumedRecording(resumed, options)
  const what = instruments.map(({ venue, symbol }) => `${venue} ${symbol}`).join(', ')
  return {
    source,
    label: `recording of ${what}, ${command.loop ? 'again and again' : 'once'}`,
    stop: async () => await source.stop(),
  }
}

const live = async (
  command: VenueCommand,
  startTime: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<VenueMarket> => {
  const restUrl = env['TAPEDECK_BINANCE_REST_URL'] ?? REST_URL
  const streamUrl = env['TAPEDECK_BINANCE_STREAM_URL'] ?? STREAM_URL
  if (!(await isBinanceReachable(restUrl, PROBE_MS_MAX)))
    throw new TapedeckError('UPSTREAM_UNAVAILABLE', `${restUrl} cannot be reached from here`)
  const market = await createBinanceMarket({ network: { restUrl, streamUrl } })
  const listed = await market.instruments()
  if (listed.outcome === 'unknown')
    throw new TapedeckError('UPSTREAM_UNAVAILABLE', `${restUrl}: ${listed.detail}`)
  const instruments = symbolsOf(command).map((symbol): Instrument => {
    const found = listed.value.get(symbol)
    if (found?.status !== 'TRADING')
      throw new TapedeckError('SYMBOL_UNKNOWN', `${restUrl} does not trade ${symbol}`)
    const { base_asset, quote_asset, tick_size, lot_size, min_quantity, min_notional } = found
    return {
      venue: LIVE_VENUE,
      symbol,
      base_asset,
      quote_asset,
      tick_size,
      lot_size,
      min_quantity,
      min_notional,
      max_leverage: MAX_LEVERAGE,
    }
  })
  const end = new AbortController()
  const feed = market.openMarketFeed({ instruments, signal: end.signal })
  const source = new LiveSource({ instruments, events: feed.events(), startTime })
  return {
    source,
    label: `live from ${restUrl}: ${symbolsOf(command).join(', ')}`,
    stop: async () => {
      end.abort()
      await source.stop()
      await market.close()
    },
  }
}

/** Opens what prices come from, anew or where a saved venue left it. Throws what cannot be opened, with what to do about it. */
export const openVenueMarket = async (
  command: VenueCommand,
  env: Readonly<Record<string, string | undefined>>,
  resumed: ResumedVenue | null = null,
): Promise<VenueMarket> => {
  const startTime = resumed?.at ?? command.start ?? Date.now()
  if (command.market === 'generated') return generated(command, startTime, resumed)
  return command.market === 'recording'
    ? await recorded(command, startTime, resumed)
    : await live(command, startTime, env)
}
