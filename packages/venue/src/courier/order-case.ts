import type { VenueReported } from '@tapedeck/contracts'
import { ZERO, dec, maximum, toDecimalString, type Dec } from '@tapedeck/core'
import { isConditional, type CarriedOrder } from './order-intent.ts'
import type { Urgency } from './request-lanes.ts'

/**
 * `waiting`: not sent yet. `sent`: the request is under way. `unresolved`: it may or may not be at the
 * venue. `open`: the venue has told of it. `over`: told to the end.
 */
export type CasePhase = 'waiting' | 'sent' | 'unresolved' | 'open' | 'over'

/** How an order ended, by the venue. `filled`: how much of it by then; null where it was not told. */
export type CaseEnd = Pick<
  VenueReported,
  'code' | 'reason' | 'may_resend' | 'learned_by' | 'at'
> & {
  readonly report: 'filled' | 'canceled' | 'expired' | 'rejected'
  readonly filled: Dec | null
  readonly retry_in_ms?: VenueReported['retry_in_ms']
}

/** What the courier knows of one order that is not over. */
export class OrderCase {
  readonly symbol: string
  readonly order: CarriedOrder['order']
  readonly conditional: boolean
  readonly quantity: Dec
  phase: CasePhase
  venueOrderId: string | null
  cancelWanted = false
  cancelUnderWay = false
  /** A cancel was sent, and no look since has shown the order open. */
  cancelAsked = false
  /** The venue said of a cancel that there is nothing that can be canceled. */
  cancelIsMoot = false
  /** The venue says that it is on its way to an end: news of that is expected. */
  endExpected = false
  end: CaseEnd | null = null
  /** Sets its end apart from the one that was told when it was over before; null when it was not. */
  again: string | null = null
  /** Not found counts from this venue time on; null until the venue was asked for its time. */
  arrivesUntil: number | null = null
  /** Looks that agree that it is not there, after it could have arrived. */
  absences = 0
  /** Looks in a row without news, for the wait to the next. */
  looks = 0
  looking = false
  /** The look that is due next. */
  timer: { readonly due: number; readonly cancel: () => void } | null = null
  readonly #fills = new Map<string, Dec>()
  #counted: Dec = ZERO
  #forgiven = false

  constructor({ symbol, order }: CarriedOrder, phase: CasePhase) {
    this.symbol = symbol
    this.order = order
    this.phase = phase
    this.conditional = isConditional(order)
    this.quantity = dec(order.quantity)
    this.venueOrderId = order.venue_order_id
    this.#counted = dec(order.filled_quantity)
  }

  get id(): string {
    return this.order.client_order_id
  }

  /** Protection and exits go before everything that adds. */
  get urgency(): Urgency {
    const { type, reduce_only: reduces } = this.order
    if (!reduces) return 2
    return type === 'MARKET' || type === 'STOP_MARKET' ? 0 : 1
  }

  /** False when the fill was seen before. */
  noteFill(fillId: string, quantity: string): boolean {
    if (this.#fills.has(fillId)) return false
    this.#fills.set(fillId, dec(quantity))
    this.noteCount(this.seen)
    return true
  }

  /** By the venue's count; counts never fall. */
  noteCount(filled: Dec | string): void {
    this.#counted = maximum(this.#counted, dec(filled))
  }

  /** The sum of the fills that were seen. */
  get seen(): Dec {
    let total = ZERO
    for (const quantity of this.#fills.values()) total = total.plus(quantity)
    return total
  }

  /** Filled in all, as reports carry it. */
  get filledText(): string {
    return toDecimalString(this.#counted)
  }

  /** The venue counts more than was seen. */
  get lacksFills(): boolean {
    if (this.#forgiven) return false
    const counted = maximum(this.#counted, this.end?.filled ?? ZERO)
    return this.seen.lt(counted)
  }

  /** Gives up on fills that the venue counts and does not tell. */
  forgiveFills(): void {
    this.#forgiven = true
  }

  /** Whether the venue has to be asked, because no news may come by itself. */
  get needsLook(): boolean {
    return (
      this.phase === 'unresolved' ||
      (this.phase === 'open' &&
        (this.end !== null ||
          this.lacksFills ||
          this.cancelAsked ||
          this.endExpected ||
          this.order.type === 'MARKET'))
    )
  }

  /** Nothing is left to fill. */
  get isFull(): boolean {
    return this.#counted.gte(this.quantity)
  }
}
