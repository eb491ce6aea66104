import type { VenueClock } from '../port/venue-clock.ts'
import type { VenueLog } from '../port/venue-log.ts'
import type { VenueTrading } from '../port/venue-port.ts'
import type { ReportDraft } from './describe-report.ts'
import type { OrderCase } from './order-case.ts'
import type { VenueTime } from './venue-time.ts'

/** How long the courier waits for what. Milliseconds. */
export type CourierWaits = {
  readonly recvWindowMs: number
  readonly marginMs: number
  readonly lookFirstMs: number
  readonly lookMaxMs: number
  readonly streamGraceMs: number
  readonly sweepMs: number
  readonly sweepDownMs: number
  readonly fillsMs: number
}

/** What everything that works on orders in hand shares. */
export type CaseDesk = {
  readonly venue: VenueTrading
  readonly symbols: readonly string[]
  readonly waits: CourierWaits
  readonly clock: VenueClock
  readonly log: VenueLog
  readonly time: VenueTime
  /** Orders in hand, by client id, in the order in which they were taken. */
  readonly cases: Map<string, OrderCase>
  /** Reports once, as the next of all; not when it was told before. */
  tell(symbol: string, draft: ReportDraft): void
  /** Does what follows for an order from what is known of it now. Called after all that was noted. */
  settle(one: OrderCase): void
  /** Asks about an order as soon as there is room. */
  lookNow(one: OrderCase): void
  /** Something was told that is not understood: the account is asked about soon. */
  suspect(): void
  /** Something was told that we do not know and that may be nothing to us: the account is asked about now and then. */
  doubt(): void
  readonly stopped: boolean
}
