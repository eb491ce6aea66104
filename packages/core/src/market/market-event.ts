import type { FeedStatus, Timeframe } from '@tapedeck/contracts'
import type { OpenBar } from './bar-accumulator.ts'

/** A public print, as a source tells it. Prices and quantities that are not on the grid come as 0. */
export type TradeEvent = {
  readonly kind: 'trade'
  readonly symbol: string
  /** Aggregate trade id, or trade id where the source has no aggregates. Rises by one. */
  readonly id: number
  readonly priceTicks: number
  readonly quantityLots: number
  /** When it traded, event time in ms. */
  readonly time: number
  /** 1 when the buyer was the maker: an aggressive sell. */
  readonly maker: 0 | 1
  /** Recorded, but measures nothing (insurance fund, ADL). */
  readonly excluded: boolean
}

/** A change of the book with absolute quantities, or all of it. */
export type DepthEvent = {
  readonly kind: 'depth'
  readonly symbol: string
  readonly snapshot: boolean
  readonly firstId: number
  readonly lastId: number
  /** `pu` on futures; null on spot and for snapshots. */
  readonly previousId: number | null
  /** Null when the source does not say (spot snapshots): then it is the market time reached. */
  readonly time: number | null
  readonly bidTicks: number[]
  readonly bidLots: number[]
  readonly askTicks: number[]
  readonly askLots: number[]
}

/** Best bid and ask by the venue's own word. Never reaches the tape: it verifies the rebuilt book. */
export type QuoteEvent = {
  readonly kind: 'quote'
  readonly symbol: string
  readonly updateId: number
  readonly bidTicks: number
  readonly bidLots: number
  readonly askTicks: number
  readonly askLots: number
}

export type MarkEvent = {
  readonly kind: 'mark'
  readonly symbol: string
  readonly time: number
  readonly markPrice: number
  readonly indexPrice: number | null
  readonly fundingRate: number
  readonly nextFundingTime: number
}

/** A finished bar from a source without trades (klines). */
export type BarEvent = {
  readonly kind: 'bar'
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly bar: OpenBar
}

/** The state of a feed by the word of its adapter. */
export type FeedEvent = {
  readonly kind: 'feed'
  readonly symbol: string
  readonly channel: FeedStatus['channel']
  readonly status: FeedStatus['status']
  readonly reason: string
  readonly missingFrom: number | null
  readonly missingTo: number | null
}

/** Market time goes on although nothing happens (live only). */
export type ClockEvent = { readonly kind: 'clock'; readonly time: number }

/** What every source of market data yields, in the order in which it was received. */
export type MarketEvent =
  | TradeEvent
  | DepthEvent
  | QuoteEvent
  | MarkEvent
  | BarEvent
  | FeedEvent
  | ClockEvent
