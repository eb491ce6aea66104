import { afterEach, describe, expect, it } from '@jest/globals'
import { MarketComposer, type MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { createBinanceMarket } from '@tapedeck/venue'
import { GeneratedSource, SimulatedVenue, VenuePacer, startVenueServer } from '../src/index.ts'

const instrument = (symbol: string) => testInstrument({ symbol })
const PRINTS = 400
const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

describe('the deck’s own feed on a simulated venue', () => {
  it('reads filters, prints, books and marks without a hole', async () => {
    const source = new GeneratedSource({
      symbols: [
        { instrument: instrument('BTCUSDT'), startPrice: '60000' },
        { instrument: instrument('ETHUSDT'), startPrice: '3000', meanQuantity: 6 },
      ],
      seed: 11,
      startTime: Date.now(),
    })
    const venue = new SimulatedVenue({ source })
    venue.pace.speed = 10
    const server = await startVenueServer({ venue })
    cleanups.push(async () => await server.stop())
    const pacer = new VenuePacer({ venue })
    cleanups.push(() => pacer.stop())
    const { restUrl, streamUrl } = server
    const market = await createBinanceMarket({ network: { restUrl, streamUrl } })
    cleanups.push(async () => await market.close())
    const listed = await market.instruments()
    if (listed.outcome === 'unknown') throw new Error(listed.detail)
    expect(listed.value.get('ETHUSDT')).toMatchObject({ tick_size: '0.1', min_notional: '100' })
    const end = new AbortController()
    cleanups.push(() => end.abort())
    const { instruments } = source
    const { signal } = end
    const feed = market.openMarketFeed({ instruments, signal })
    const composer = new MarketComposer({ instruments })
    const seen: MarketEvent[] = []
    const count = (kind: MarketEvent['kind'], symbol: string): number =>
      seen.filter((event) => event.kind === kind && 'symbol' in event && event.symbol === symbol)
        .length
    const isEnough = (symbol: string): boolean =>
      count('trade', symbol) >= PRINTS && count('depth', symbol) >= 50 && count('mark', symbol) > 3
    for await (const events of feed.events()) {
      seen.push(...events)
      composer.push(events)
      if (isEnough('BTCUSDT') && isEnough('ETHUSDT')) break
    }
    expect(seen.filter(({ kind }) => kind === 'feed')).toEqual([])
    for (const symbol of ['BTCUSDT', 'ETHUSDT'])
      expect(composer.counts()[symbol]).toMatchObject({
        missing: 0,
        duplicates: 0,
        rejected: 0,
        depthGaps: 0,
      })
  })
})
