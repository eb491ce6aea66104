import { dec } from '@tapedeck/core'
import type { OrderEvent, OrderStep } from '../../port/account-event.ts'

type Seen = {
  rank: number
  filled: string
  /** The venue's id when it was accepted. */
  acceptedAs: string | null
}

const OVER = 9

/** What may not be undone by what comes late. */
const RANK: Readonly<Record<OrderStep, number>> = {
  accepted: 1,
  amended: 1,
  triggering: 2,
  triggered: 3,
  filled: 4,
  canceled: OVER,
  expired: OVER,
  rejected: OVER,
}

const ORDERS_MAX = 5000
const FILLS_MAX = 20_000

/** Puts it last; the one that was put longest ago goes when there are too many. */
const remember = <T>(map: Map<string, T>, key: string, value: T, max: number): void => {
  map.delete(key)
  map.set(key, value)
  if (map.size > max) map.delete(map.keys().next().value!)
}

/** Foreign clients use an id again after its order is over; ours never do. */
const isAnother = (seen: Seen, { conditional, step, venueOrderId }: OrderEvent): boolean =>
  conditional && step === 'accepted' && seen.rank === OVER && seen.acceptedAs !== venueOrderId

/**
 * Lets the steps of each order through once and forward only: a late NEW does not reopen what has filled
 * (binance-ccxt-facts §4.8). A fill is a fact: each passes once, whenever it comes.
 */
export class OrderGuard {
  readonly #orders = new Map<string, Seen>()
  /** The plain order of a client order id: what a conditional one became. */
  readonly #plain = new Map<string, Seen>()
  readonly #fills = new Map<string, true>()
  /** Events that were held back: for metrics. */
  dropped = 0

  /** The event as it may be told, or null. */
  admit(event: OrderEvent): OrderEvent | null {
    const name = `${event.symbol}|${event.clientOrderId}`
    // A conditional order changes its venue id when it triggers; a plain one never does.
    const key = event.conditional ? `conditional|${name}` : `${event.symbol}|${event.venueOrderId}`
    let seen = this.#orders.get(key)
    if (seen === undefined || isAnother(seen, event)) {
      if (seen !== undefined) this.#plain.delete(name)
      seen = { rank: 0, filled: '0', acceptedAs: null }
    }
    if (!this.#isNews(event, seen, this.#plain.get(name))) {
      this.dropped++
      return null
    }
    const told = this.#note(event, seen)
    remember(this.#orders, key, seen, ORDERS_MAX)
    if (!event.conditional) remember(this.#plain, name, seen, ORDERS_MAX)
    return told
  }

  #isNews({ step, fill, conditional }: OrderEvent, seen: Seen, plain: Seen | undefined): boolean {
    if (fill !== null) return !this.#fills.has(fill.fillId)
    if (seen.rank === OVER) return false
    if (step === 'amended' || step === 'filled' || RANK[step] === OVER) return true
    if (RANK[step] <= seen.rank) return false
    // Its market order is there already, or over: what led to it is history.
    return !conditional || plain === undefined || (step === 'triggered' && plain.rank < OVER)
  }

  /** Filled quantities never fall: of two fills in the wrong order, the later count holds. */
  #note(event: OrderEvent, seen: Seen): OrderEvent {
    if (dec(event.filledQuantity).gt(dec(seen.filled))) seen.filled = event.filledQuantity
    const quantity = dec(event.quantity)
    const whole = event.step === 'filled' && quantity.gt(0) && dec(seen.filled).gte(quantity)
    seen.rank = Math.max(seen.rank, whole ? OVER : RANK[event.step])
    if (event.step === 'accepted') seen.acceptedAs = event.venueOrderId
    if (event.fill !== null) remember(this.#fills, event.fill.fillId, true, FILLS_MAX)
    return seen.filled === event.filledQuantity ? event : { ...event, filledQuantity: seen.filled }
  }
}
