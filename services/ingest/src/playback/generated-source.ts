import {
  type Instrument,
  TAPEDECK_NAMESPACE,
  TapedeckError,
  uuid5,
  instrumentsOf,
} from '@tapedeck/contracts'
import { GeneratedMarket, type MarketEvent } from '@tapedeck/core'
import type { Clock } from '@tapedeck/runtime'
import type { IngestContext } from './ingest-context.ts'
import { type Source, skipEvents } from './source.ts'

/** The generated market has a past, so that bars, profiles and bias are there when somebody looks. */
const WARM_UP_MS = 3 * 3_600_000
/** A longer past is not made again at a restart: a new run begins. */
const RESUME_MS_MAX = 24 * 3_600_000
const START_PRICE = '60000'
const VENUE = 'generated'

const generatedInstrument = (context: IngestContext, symbol: string | undefined): Instrument => {
  const known = instrumentsOf(context.trading).filter(({ venue }) => venue === VENUE)
  const chosen = known.find((one) => symbol === undefined || one.symbol === symbol)
  if (chosen === undefined)
    throw new TapedeckError(
      'SYMBOL_UNKNOWN',
      `no instrument of venue ${VENUE}${symbol === undefined ? '' : ` with symbol ${symbol}`} is configured`,
    )
  return chosen
}

async function* play(
  market: GeneratedMarket,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<readonly MarketEvent[]> {
  yield [market.bookSnapshot()]
  while (!signal.aborted) {
    const ahead = market.time - clock.now()
    if (ahead > 0) await clock.sleep(ahead, signal)
    const events = market.next()
    if (events.length > 0) yield events
  }
}

/** The start time that a key holds, when it is this market's and recent enough to be made again. */
const startTimeOf = (previousKey: string | null, prefix: string, now: number): number | null => {
  if (previousKey?.startsWith(prefix) !== true) return null
  const startTime = Number(previousKey.slice(prefix.length))
  return Number.isSafeInteger(startTime) && now - startTime < RESUME_MS_MAX ? startTime : null
}

/**
 * A seeded market on the wall clock: its past is played as fast as it goes, then it keeps up with real
 * time. `previousKey` is what was played before: the same market goes on where it was.
 */
export const generatedSource = (
  context: IngestContext,
  symbol: string | undefined,
  previousKey: string | null,
): Source => {
  const { clock, config } = context
  const instrument = generatedInstrument(context, symbol)
  const seed = config.TAPEDECK_SOURCE_SEED
  const prefix = `generated|${instrument.symbol}|${seed}|`
  const now = clock.now()
  const startTime = startTimeOf(previousKey, prefix, now) ?? now - WARM_UP_MS - (now % 60_000)
  const key = `${prefix}${startTime}`
  const market = (): GeneratedMarket =>
    new GeneratedMarket({
      instrument,
      seed,
      startTime,
      startPrice: START_PRICE,
      tradesPerSecond: 4,
      depthIntervalMs: 1000,
    })
  return {
    kind: 'generated',
    label: `generated market, seed ${seed}`,
    key,
    runId: uuid5(TAPEDECK_NAMESPACE, key),
    instruments: [instrument],
    composer: {},
    repeatable: true,
    realTime: true,
    events: ({ events }, signal) => skipEvents(play(market(), clock, signal), events),
  }
}
