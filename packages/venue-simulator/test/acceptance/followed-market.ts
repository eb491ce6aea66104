import type { Instrument } from '@tapedeck/contracts'
import {
  OrderBook,
  type DepthEvent,
  type FeedEvent,
  type MarketEvent,
  type TradeEvent,
} from '@tapedeck/core'
import type { MarketFeed, MarketFeedRequest } from '@tapedeck/venue'
import { valueOf } from './orders.ts'
import { SYMBOL, type VenueStage } from './venue-stage.ts'

/** A market feed, and what it has told so far. */
export type FollowedMarket = {
  readonly feed: MarketFeed
  readonly told: readonly MarketEvent[]
  /** Time passes, and the feed is read. */
  pass(ms: number): Promise<void>
  prints(): TradeEvent[]
  books(): DepthEvent[]
  /** What it says of itself, such as `depth resync`. */
  states(): string[]
  /** The book that it adds up to. Throws where a change does not continue what was before. */
  book(): OrderBook
  stop(): Promise<void>
}

const ofKind = <K extends MarketEvent['kind']>(
  told: readonly MarketEvent[],
  kind: K,
): Extract<MarketEvent, { kind: K }>[] =>
  told.filter((event): event is Extract<MarketEvent, { kind: K }> => event.kind === kind)

const rebuild = (changes: readonly DepthEvent[]): OrderBook => {
  const book = new OrderBook()
  let last: number | null = null
  for (const {
    snapshot,
    firstId,
    lastId,
    previousId,
    bidTicks,
    bidLots,
    askTicks,
    askLots,
  } of changes) {
    if (snapshot) book.applySnapshot(bidTicks, bidLots, askTicks, askLots)
    else {
      if (last === null) throw new Error('a change came before a whole book')
      // The first change after a whole book may begin, and even end, before it.
      const continues = previousId === last || (firstId <= last + 1 && lastId >= last)
      if (!continues) throw new Error(`change ${firstId} to ${lastId} does not continue ${last}`)
      book.applyDelta(bidTicks, bidLots, askTicks, askLots)
    }
    last = lastId
  }
  return book
}

/** Opens a feed of the stage's symbol and reads it until `stop`. */
export const followMarket = async (
  stage: VenueStage,
  given: Pick<MarketFeedRequest, 'lastTradeIds'> = {},
): Promise<FollowedMarket> => {
  const found = valueOf(await stage.venue.instruments()).get(SYMBOL)!
  const instrument: Instrument = { ...found, venue: stage.venue.venue, max_leverage: 10 }
  const end = new AbortController()
  const feed = stage.raw.openMarketFeed({
    instruments: [instrument],
    signal: end.signal,
    ...given,
  })
  const told: MarketEvent[] = []
  const reading = (async (): Promise<void> => {
    for await (const events of feed.events()) told.push(...events)
  })()
  const pass = async (ms: number): Promise<void> => {
    await stage.pass(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await pass(1_000)
  return {
    feed,
    told,
    pass,
    prints: () => ofKind(told, 'trade'),
    books: () => ofKind(told, 'depth'),
    states: () =>
      ofKind(told, 'feed').map(({ channel, status }: FeedEvent) => `${channel} ${status}`),
    book: () => rebuild(ofKind(told, 'depth')),
    stop: async () => {
      end.abort()
      await reading
    },
  }
}
