import type { QuotedBook } from './quoted-book.ts'
import type { Random } from './random.ts'

/** Providers follow the price when it is so far from what they quote around, in impacts of an order. */
const FOLLOWED = 1.2
/** A move of so many impacts makes them wary, and by what share of it they widen. */
const WARY_FROM = 7
const WARY_SHARE = 0.15

/** What providers see of the price, in ticks. */
type Seen = {
  readonly price: number
  /** What an order of mean size does to it in a calm hour. */
  readonly unit: number
  /** How much more it does now. */
  readonly restless: number
  /** Something is coming. */
  readonly isAhead: boolean
}

/**
 * How liquidity providers quote: they leave their quotes until the price has gone far enough, widen after a jump and
 * ahead of one, and come back together within moments.
 */
export class Providers {
  readonly #random: Random
  readonly #book: QuotedBook
  /** How far from the center the price must be for them to follow, ticks. */
  #patience = 0
  /** What they leave between bid and ask on top of a tick, ticks. */
  #wary = 0

  constructor(random: Random, book: QuotedBook) {
    this.#random = random
    this.#book = book
  }

  /** Renews the book, once a step. */
  quote({ price, unit, restless, isAhead }: Seen): void {
    const moved = Math.abs(price - this.#book.center)
    this.#wary = Math.floor(this.#wary / 2)
    if (isAhead) this.#wary = Math.max(this.#wary, Math.floor(this.#random.next() * unit))
    if (moved <= this.#patience) {
      this.#book.quote(this.#book.center, this.#wary)
      return
    }
    if (moved > WARY_FROM * restless * unit)
      this.#wary += Math.floor(this.#random.next() * WARY_SHARE * moved)
    this.#patience = -Math.log(1 - this.#random.next()) * FOLLOWED * unit
    this.#book.quote(price, this.#wary)
  }
}
