import type { VenueClock } from '../../port/venue-clock.ts'
import type { VenueLog } from '../../port/venue-log.ts'

/** What can be wrong with a frame. None of it ends the connection that brought it. */
export type FrameFault =
  | 'not_json'
  | 'too_long'
  | 'not_a_message'
  | 'unknown_event'
  | 'unreadable'
  | 'refused'

export type FrameFaultsOptions = {
  /** Which connection, for the log. */
  readonly of: string
  readonly log: VenueLog
  readonly clock: VenueClock
  /** Takes secrets out of a text before it is logged. */
  readonly hide?: (text: string) => string
}

const LOG_EVERY_MS = 60_000
const SHOWN_MAX = 500

/** Counts frames that cannot be used; of each kind one a minute is logged with its raw text. */
export class FrameFaults {
  readonly #options: FrameFaultsOptions
  readonly #counts = new Map<FrameFault, number>()
  readonly #loggedAt = new Map<FrameFault, number>()
  /** The last reason: for metrics and status. */
  lastReason: string | null = null

  constructor(options: FrameFaultsOptions) {
    this.#options = options
  }

  note(fault: FrameFault, text: string, reason: string): void {
    const { of, log, clock, hide = (shown) => shown } = this.#options
    const count = (this.#counts.get(fault) ?? 0) + 1
    this.#counts.set(fault, count)
    this.lastReason = hide(reason)
    const now = clock.now()
    if (now - (this.#loggedAt.get(fault) ?? -Infinity) < LOG_EVERY_MS) return
    this.#loggedAt.set(fault, now)
    const raw = hide(text.slice(0, SHOWN_MAX * 2)).slice(0, SHOWN_MAX)
    const details = { fault, count, reason: this.lastReason, length: text.length, raw }
    log.warn(`a frame of ${of} cannot be used`, details)
  }

  /** How often each happened. */
  counts(): Readonly<Partial<Record<FrameFault, number>>> {
    return Object.fromEntries(this.#counts)
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
  }
}
