import type { VenueClock, VenueLog, VenuePort } from '../port/index.ts'
import type { Credentials } from './credentials/index.ts'
import type { BinanceNetwork } from './networks.ts'
import type { FetchLike } from './rest/index.ts'
import type { OpenLink } from './streams/index.ts'

/** Which price triggers stops and take-profits: of the last trade, or the mark. */
export type WorkingType = 'CONTRACT_PRICE' | 'MARK_PRICE'

export type BinanceVenueOptions = {
  readonly network: BinanceNetwork
  readonly credentials: Credentials
  /**
   * Reads the keys again, from where they came; asked after the venue has refused them, so that new ones are
   * picked up without a restart. Default: they stay what they are.
   */
  readonly rereadCredentials?: () => Credentials | null
  /** Name of the venue in orders, fills and instruments. Default `binance-usdm`. */
  readonly venue?: string
  /** Default: the machine's `fetch`. Anything of its shape will do, such as a venue in the same process. */
  readonly fetch?: FetchLike
  /** Default: a websocket. */
  readonly openLink?: OpenLink
  /** Default: the machine's. */
  readonly clock?: VenueClock
  readonly log?: VenueLog
  /** 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: () => number
  /** How long after its time stamp the venue still takes a request, ms. Default 5000; 1000 to 60000. */
  readonly recvWindowMs?: number
  /** When a request without an answer is given up, ms. Default 8000. */
  readonly requestMsMax?: number
  /** Default `CONTRACT_PRICE`. */
  readonly workingType?: WorkingType
}

/** The adapter, and what its callers have to know of how it works. */
export type BinanceVenue = VenuePort & {
  /**
   * How long after its outcome was found unknown a request may still arrive and take effect, ms. Only
   * then does "no such order" mean that there is none.
   */
  readonly lateArrivalMs: number
  /** How long after its time stamp the venue takes a request, ms. */
  readonly recvWindowMs: number
  /** Venue time minus our clock, ms; for metrics. */
  readonly clockOffsetMs: number
  /** Request weight used in the venue's minute, as it counts; for metrics. */
  readonly weightUsed: number
  /** What the venue gives of it in a minute. */
  readonly weightLimit: number
  /** For how long nothing may be sent, ms; 0 while the venue does not limit us. */
  readonly pausedMs: number
  /** When the venue last extended the key of the account stream, by our clock; null before. */
  readonly listenKeyKeptAt: number | null
  /** What the venue said when it refused the key; null while it takes it. No entry is sent meanwhile. */
  readonly keyProblem: string | null
}
