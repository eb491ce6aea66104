import type { DepthEvent, MarkEvent, MarketEvent, TradeEvent } from '@tapedeck/core'

/** What a venue can use of a source: everything else is about the source itself. */
export type VenueMarketEvent = TradeEvent | DepthEvent | MarkEvent

export const isForVenue = (event: MarketEvent): event is VenueMarketEvent =>
  event.kind === 'trade' || event.kind === 'depth' || event.kind === 'mark'

const FUNDING_MS = 8 * 3_600_000

/** The same event at another time. Funding follows the venue's clock: every eight hours. */
export const atTime = (event: VenueMarketEvent, time: number): VenueMarketEvent =>
  event.kind === 'mark'
    ? { ...event, time, nextFundingTime: (Math.floor(time / FUNDING_MS) + 1) * FUNDING_MS }
    : { ...event, time }

/** All of a symbol's book is gone: what comes before a book that starts over. */
export const emptyBook = (symbol: string, time: number): DepthEvent => ({
  kind: 'depth',
  symbol,
  snapshot: true,
  firstId: 0,
  lastId: 0,
  previousId: null,
  time,
  bidTicks: [],
  bidLots: [],
  askTicks: [],
  askLots: [],
})
