import { GeneratedMarket, type GeneratedMarketOptions, type MarketEvent } from '@tapedeck/core'

/** Slices of 100 ms that are yielded together. */
const SLICES = 10

/**
 * The seeded market as a source: a book snapshot, then everything that happens, for `durationMs` of
 * event time or for ever. As fast as it is read.
 */
export async function* generatedMarket(
  options: GeneratedMarketOptions,
  durationMs = Infinity,
): AsyncGenerator<readonly MarketEvent[], void, undefined> {
  const market = new GeneratedMarket(options)
  const end = options.startTime + durationMs
  yield [market.bookSnapshot()]
  while (market.time < end) {
    const events: MarketEvent[] = []
    for (let i = 0; i < SLICES && market.time < end; i++) events.push(...market.next())
    yield events
  }
}
