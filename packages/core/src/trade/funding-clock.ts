import type { Mark } from '@tapedeck/contracts'

type Payment = { readonly rate: number; readonly markPrice: number }

export type FundingClockJson = {
  next: (Payment & { readonly due: number }) | null
  paidUntil: number
}

/** When funding is due in one instrument, and at which rate: the last that was told before. */
export class FundingClock {
  #next: FundingClockJson['next']
  #paidUntil: number

  constructor(json: FundingClockJson = { next: null, paidUntil: 0 }) {
    this.#next = json.next
    this.#paidUntil = json.paidUntil
  }

  /** When the next payment is due; Infinity while nothing was told of one. */
  get due(): number {
    return this.#next?.due ?? Infinity
  }

  /** Takes note of a mark. One that still names a payment that was made tells nothing. */
  learn(mark: Mark): void {
    if (mark.next_funding_time <= this.#paidUntil) return
    this.#next = {
      rate: mark.funding_rate,
      markPrice: mark.mark_price,
      due: mark.next_funding_time,
    }
  }

  /** Takes out the payment that is due; null when there is none. It is never due again. */
  take(): Payment | null {
    if (this.#next === null) return null
    const { due, ...payment } = this.#next
    this.#next = null
    this.#paidUntil = due
    return payment
  }

  snapshot(): FundingClockJson {
    return { next: this.#next, paidUntil: this.#paidUntil }
  }
}
