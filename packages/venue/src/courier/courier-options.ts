import type { VenueReported } from '@tapedeck/contracts'
import type { VenueClock } from '../port/venue-clock.ts'
import type { VenueLog } from '../port/venue-log.ts'
import type { VenueTrading } from '../port/index.ts'
import type { CourierWaits } from './case-desk.ts'

export type CourierOptions = {
  readonly venue: VenueTrading
  readonly account: string
  /** The venue as messages name it. */
  readonly venueName: string
  /** What is traded: news of other symbols is not reported. */
  readonly symbols: readonly string[]
  /**
   * Puts a report on the tape; resolves when it is committed. Called one at a time, in order; a rejection is
   * tried again until `stop`.
   */
  readonly report: (report: VenueReported) => Promise<void>
  /** How long a request whose outcome is unknown may still arrive: the adapter's `lateArrivalMs`. */
  readonly recvWindowMs: number
  /** Entries wait until `admitEntries` is called: the account may not be as it must be yet. Default false. */
  readonly entriesWait?: boolean
  /**
   * Market time by the tape, while something is open that waits for it. It is carried on by our clock, as reports,
   * while no market news comes. Default: nobody asks, and it stands.
   */
  readonly timeAtStake?: () => number | null
  /** For so long it may stand. Default 3 s. */
  readonly silenceMs?: number
  /** Default: the machine's. */
  readonly clock?: VenueClock
  readonly log?: VenueLog
  /** Beyond `recvWindowMs`, for what is asked in between. Default 500 ms. */
  readonly marginMs?: number
  /** Requests under way at once; entries take at most half of them, and what protects goes beside them. Default 4. */
  readonly concurrency?: number
  /** First and longest wait between looks at an order whose state is not known. Defaults 250 ms, 5 s. */
  readonly lookFirstMs?: number
  readonly lookMaxMs?: number
  /** How long the stream may take to tell what an answer implies. Default 1 s. */
  readonly streamGraceMs?: number
  /**
   * While orders are in hand: how often they are compared with the venue's, stream up and down. 2.5 s, so that a stop
   * whose end nobody told is missed within the 3 s that one may take; 2 s.
   */
  readonly sweepMs?: number
  readonly sweepDownMs?: number
  /** While orders are in hand: how often fills are asked for although none is missing. Default 15 s. */
  readonly fillsMs?: number
}

/** How long the courier waits for what, defaults filled in. */
export const waitsOf = (options: CourierOptions): CourierWaits => ({
  recvWindowMs: options.recvWindowMs,
  marginMs: options.marginMs ?? 500,
  lookFirstMs: options.lookFirstMs ?? 250,
  lookMaxMs: options.lookMaxMs ?? 5_000,
  streamGraceMs: options.streamGraceMs ?? 1_000,
  sweepMs: options.sweepMs ?? 2_500,
  sweepDownMs: options.sweepDownMs ?? 2_000,
  fillsMs: options.fillsMs ?? 15_000,
})
