import type { Instrument } from '@tapedeck/contracts'
import type { VenueClock } from '../../port/index.ts'
import type { Credentials } from '../credentials/index.ts'
import type { BinanceNetwork } from '../networks.ts'
import type { FetchLike, RestClient } from '../rest/index.ts'
import type { OpenLink } from '../streams/index.ts'

/** What is meant to be traded, and how: of the trading configuration. */
export type PreflightPlan = {
  readonly instruments: readonly Instrument[]
  readonly leverage: number
  readonly marginType: 'CROSSED' | 'ISOLATED'
  /** `risk.max_leverage`, `min_position_quote` and `max_position_quote`. */
  readonly riskLeverage: number
  readonly minPositionQuote: number
  readonly maxPositionQuote: number
}

export type PreflightOptions = {
  readonly network: BinanceNetwork
  /** Null: only what is public is looked at. */
  readonly credentials: Credentials | null
  readonly plan: PreflightPlan
  /** How long streams have to deliver, ms. Default 10000. */
  readonly streamMs?: number
  /** Default: the machine's `fetch`. */
  readonly fetch?: FetchLike
  /** Default: a websocket. */
  readonly openLink?: OpenLink
  /** Default: the machine's. */
  readonly clock?: VenueClock
  /** 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: () => number
}

/** What each part of a preflight works with. */
export type PreflightDesk = {
  readonly rest: RestClient
  readonly clock: VenueClock
  readonly plan: PreflightPlan
  readonly network: BinanceNetwork
}
