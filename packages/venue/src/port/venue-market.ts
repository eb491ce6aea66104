import type { Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import type { VenueResult } from './venue-result.ts'

/** An instrument as the venue states it, with what else orders are checked by. Decimals. */
export type VenueInstrument = Omit<Instrument, 'venue' | 'max_leverage'> & {
  readonly max_quantity: string
  readonly market_max_quantity: string
  readonly min_price: string
  readonly max_price: string
  readonly status: string
}

export type MarketFeedRequest = {
  /** What is wanted, with the grid that prices and quantities are told on. */
  readonly instruments: readonly Instrument[]
  /** Ends the feed. */
  readonly signal: AbortSignal
  /** Last print that is already known, by symbol: what came since is fetched, as far as the venue keeps it. */
  readonly lastTradeIds?: Readonly<Record<string, number>>
}

/** Live market data. */
export interface MarketFeed {
  /**
   * Prints with ids that rise by one, books (a snapshot, then changes that each continue the one before),
   * marks, and the venue's clock. What was lost is repaired where it can be, and told as a `feed` event
   * where it cannot. Ends when the signal aborts or the venue is closed, never by itself. Read once.
   */
  events(): AsyncIterable<readonly MarketEvent[]>
  /** Messages that could not be used, by what was wrong with them: for metrics. */
  readonly faults: Readonly<Record<string, number>>
  /** Books that broke, snapshots asked for, connections opened: for metrics. */
  readonly counts: { readonly resyncs: number; readonly snapshots: number; readonly opened: number }
}

/** What a venue tells everybody. Needs no key. No method throws for what a venue may do. */
export interface VenueMarket {
  /** Name of the venue in instruments and messages. */
  readonly venue: string
  /** Milliseconds UTC by the venue's clock. */
  serverTime(): Promise<VenueResult<number>>
  /** Filters of what is listed, by symbol. They change and differ by network: never hard-coded. */
  instruments(): Promise<VenueResult<ReadonlyMap<string, VenueInstrument>>>
  openMarketFeed(request: MarketFeedRequest): MarketFeed
  close(): Promise<void>
}
