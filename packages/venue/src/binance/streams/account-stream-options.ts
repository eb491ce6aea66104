import type { AccountListener } from '../../port/account-event.ts'
import type { VenueClock } from '../../port/venue-clock.ts'
import type { VenueLog } from '../../port/venue-log.ts'
import type { VenueResult } from '../../port/venue-result.ts'
import type { LinkTimeOptions } from './link-times.ts'
import type { OpenLink } from './stream-link.ts'

/** A listen key, or the venue's refusal: `-1125` when the key is gone, `-2015` when ours is not good. */
export type ListenKeyAnswer =
  | { readonly listenKey: string }
  | { readonly listenKey: null; readonly code: string; readonly reason: string }

/** The two calls that keep a listen key alive (binance-ccxt-facts §3.5). Neither throws. */
export type ListenKeyCalls = {
  /** `POST /fapi/v1/listenKey`: a new key, or the living one. */
  create(): Promise<VenueResult<ListenKeyAnswer>>
  /** `PUT /fapi/v1/listenKey`: extends whatever key the account has, and names it. */
  extend(): Promise<VenueResult<ListenKeyAnswer>>
}

export type AccountStreamOptions = LinkTimeOptions & {
  readonly listenKeys: ListenKeyCalls
  /** `wss://fstream.binance.com`; the route `/private` is below it. */
  readonly streamUrl: string
  readonly listener: AccountListener
  /** Name of the venue in fills. Default `binance-usdm`. */
  readonly venue?: string
  readonly log?: VenueLog
  readonly clock?: VenueClock
  /** Default: a websocket. */
  readonly openLink?: OpenLink
  /** 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: () => number
  /** How often the key is extended. Default 25 min; it lives for 60. */
  readonly keepAliveMs?: number
  /** How long a connection and its successor deliver side by side. Default 5 s. */
  readonly overlapMs?: number
}
