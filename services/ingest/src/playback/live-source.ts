import { randomUUID } from 'node:crypto'
import { TapedeckError, instrumentsOf } from '@tapedeck/contracts'
import { BinanceLiveFeed, BinancePublicRest, isBinanceReachable } from '@tapedeck/venue'
import type { IngestContext } from './ingest-context.ts'
import type { Source } from './source.ts'

const VENUE = 'binance-usdm'
const PROBE_MS_MAX = 3_000
/** Live batches carry at most this much time, so that a print waits no longer than this. */
const BATCH_MS = 5
const BATCH_TRADES = 100

/** Whether the venue's public data can be had from here. */
export const isLiveReachable = async ({ config }: IngestContext): Promise<boolean> =>
  await isBinanceReachable(config.TAPEDECK_BINANCE_REST_URL, PROBE_MS_MAX)

/**
 * Binance USD-M, live. The market cannot be played again, so its run has a random id, kept in the
 * checkpoint: a restart goes on with the same run.
 */
export const liveSource = async (
  context: IngestContext,
  symbol: string | undefined,
  previous: { readonly key: string | null; readonly runId: string | null },
): Promise<Source> => {
  const configured = instrumentsOf(context.trading).filter(
    (one) => one.venue === VENUE && (symbol === undefined || one.symbol === symbol),
  )
  if (configured.length === 0)
    throw new TapedeckError(
      'SYMBOL_UNKNOWN',
      `no instrument of venue ${VENUE}${symbol === undefined ? '' : ` with symbol ${symbol}`} is configured`,
    )
  const { TAPEDECK_BINANCE_REST_URL: baseUrl, TAPEDECK_BINANCE_STREAM_URL: streamUrl } =
    context.config
  const rest = await BinancePublicRest.create({ baseUrl })
  // The venue's filters are the truth; the configuration only says which instruments.
  const filters = await rest.filters()
  const instruments = configured.map((one) => {
    const found = filters.get(one.symbol)
    if (found === undefined)
      throw new TapedeckError('SYMBOL_UNKNOWN', `${VENUE} does not trade ${one.symbol}`)
    return Object.assign(one, found)
  })
  const key = `live|${instruments.map((one) => one.symbol).join(',')}`
  const goesOn = previous.key === key && previous.runId !== null
  return {
    kind: 'live',
    label: 'Binance USD-M public streams',
    key,
    runId: goesOn ? previous.runId : randomUUID(),
    instruments,
    composer: { batchMs: BATCH_MS, batchTrades: BATCH_TRADES },
    repeatable: false,
    realTime: true,
    events: ({ lastTradeIds }, signal) =>
      new BinanceLiveFeed({ instruments, rest, streamUrl, signal, lastTradeIds }).events(),
  }
}
