import { GeneratedMarket, type MarketEvent } from '@tapedeck/core'
import { writeRawRecording } from '@tapedeck/recordings'
import { testInstrument } from '@tapedeck/test-data'

const INSTRUMENT = testInstrument()

/** Trends need five closed 15 m bars before the first setup; what follows holds the trades. */
const QUIET_MINUTES = 74
export const TRADED_MINUTES = 86
const START = Date.UTC(2026, 0, 5, 8)
const DEPTH_MS = 500

/**
 * A market like that of the shipped recording, made short: until just before the first setup its prints alone,
 * then everything. So a stack gets to the trades in half the messages.
 */
async function* session(minutes: number): AsyncGenerator<readonly MarketEvent[], void, undefined> {
  const market = new GeneratedMarket({
    instrument: INSTRUMENT,
    seed: 40,
    startTime: START,
    startPrice: '60000',
    tradesPerSecond: 1.6,
    meanQuantity: 1.5,
    depthIntervalMs: DEPTH_MS,
    acts: [
      { character: 'balance', minutes: 30 },
      { character: 'trend_up', minutes: 120 },
    ],
  })
  const quietUntil = START + QUIET_MINUTES * 60_000
  yield [market.bookSnapshot()]
  while (market.time < quietUntil) yield market.next().filter(({ kind }) => kind === 'trade')
  yield [market.bookSnapshot()]
  while (market.time < START + minutes * 60_000) yield market.next()
}

/** Writes it as a raw recording; the same bytes each time. */
export const writeTradedSession = async (file: string, minutes = TRADED_MINUTES): Promise<void> =>
  await writeRawRecording(session(minutes), {
    file,
    instrument: INSTRUMENT,
    depthIntervalMs: DEPTH_MS,
  })
