import type { Exchange, SimulatedVenue } from '@tapedeck/venue-simulator'
import { ACCOUNT } from './execution-host.ts'
import { SYMBOL } from './price-path.ts'

/** How long a position may be open without protection while nothing is in the way. */
export const UNPROTECTED_MS_MAX = 15_000
/** What went wrong keeps things from being done for a while after. */
const SHADOW_MS = 2_500
const MINUTE = 60_000

type Truth = Pick<Exchange, 'positions' | 'openConditionals' | 'openOrders'>

const positionOf = (truth: Truth): number =>
  truth
    .positions(ACCOUNT, { symbol: SYMBOL })
    .reduce((sum, { quantity }) => sum + Number(quantity), 0)

/** A stop that would close all of it stands at the venue, or an order of ours is closing it. */
const isProtected = (truth: Truth, position: number): boolean => {
  const side = position > 0 ? 'SELL' : 'BUY'
  const stops = truth
    .openConditionals(ACCOUNT, SYMBOL)
    .filter((one) => one.type === 'STOP_MARKET' && one.side === side && one.status === 'NEW')
  const covered = stops.reduce((sum, { quantity }) => sum + Number(quantity), 0)
  if (covered >= Math.abs(position) - 1e-9) return true
  return truth
    .openOrders(ACCOUNT, SYMBOL)
    .some((one) => one.side === side && one.reduceOnly && one.type === 'MARKET')
}

/** Whether what we hold at the venue is protected, by the venue's own books at every step. */
export class ProtectionWatch {
  readonly #venue: SimulatedVenue
  #injected = ''
  #jumps = 0
  #troubleUntil: number
  #last: number
  #unprotectedMs = 0
  #reported = false
  /** The longest that a position was unprotected while nothing was in the way. */
  longestMs = 0

  constructor(venue: SimulatedVenue, start: number) {
    this.#venue = venue
    this.#last = start
    this.#troubleUntil = start
  }

  /** The venue says that its limits are all but used up: what is not urgent waits for the next minute. */
  #limited(now: number, injected: Readonly<Record<string, number>>): void {
    const jumps = injected['weight_jumps'] ?? 0
    if (jumps !== this.#jumps) this.trouble((Math.floor(now / MINUTE) + 1) * MINUTE + SHADOW_MS)
    this.#jumps = jumps
  }

  /** Something else is in the way for a while, such as a process that starts. */
  trouble(until: number): void {
    this.#troubleUntil = Math.max(this.#troubleUntil, until)
  }

  /** What is wrong, once; null when nothing is. */
  check(now: number): string | null {
    const injected = this.#venue.faults.injected()
    const counts = JSON.stringify(injected)
    if (counts !== this.#injected) this.trouble(now + SHADOW_MS)
    this.#injected = counts
    this.#limited(now, injected)
    const passed = now - this.#last
    this.#last = now
    const position = positionOf(this.#venue.exchange)
    if (position === 0 || isProtected(this.#venue.exchange, position)) {
      this.#unprotectedMs = 0
      return null
    }
    if (now >= this.#troubleUntil) this.#unprotectedMs += passed
    this.longestMs = Math.max(this.longestMs, this.#unprotectedMs)
    if (this.#unprotectedMs <= UNPROTECTED_MS_MAX || this.#reported) return null
    this.#reported = true
    return `a position of ${position} was unprotected for ${this.#unprotectedMs} ms while nothing was in the way`
  }
}
