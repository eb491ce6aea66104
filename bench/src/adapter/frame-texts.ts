import type { Instrument } from '@tapedeck/contracts'
import { GeneratedMarket, type DepthEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { MarketFrameWriter } from '@tapedeck/venue'

/** Frames as the venue sends them, by stream, and the book that they begin from. */
export type FrameTexts = {
  readonly instrument: Instrument
  readonly book: DepthEvent
  readonly depth: readonly string[]
  readonly trades: readonly string[]
}

const INSTRUMENT = testInstrument()

/** The generated market in the venue's own words: `count` book changes, and as many prints. */
export const frameTexts = (count: number): FrameTexts => {
  const market = new GeneratedMarket({
    instrument: INSTRUMENT,
    seed: 7,
    startTime: 1_767_571_200_000,
    startPrice: '60000',
    tradesPerSecond: 30,
  })
  const writer = new MarketFrameWriter(INSTRUMENT)
  const book = market.bookSnapshot()
  writer.restSnapshot(book)
  const depth: string[] = []
  const trades: string[] = []
  while (depth.length < count || trades.length < count)
    for (const event of market.next()) {
      for (const frame of writer.frames(event)) {
        if (frame.stream.endsWith('@bookTicker')) continue
        if (event.kind === 'depth' && depth.length < count) depth.push(JSON.stringify(frame))
        if (event.kind === 'trade' && trades.length < count) trades.push(JSON.stringify(frame))
      }
    }
  return { instrument: INSTRUMENT, book, depth, trades }
}
