import type { Side } from '@tapedeck/contracts'

/** A position in whole numbers. JSON-safe. */
export type PositionTotals = {
  readonly lots: number
  /** Ticks times lots received less those paid. */
  readonly cashTickLots: number
  /** Ticks times lots that the open lots cost; negative for a short. */
  readonly costTickLots: number
}

/**
 * What a venue holds for one account on one instrument, in whole tick-lots: exact however many fills
 * went before, so that money can be audited to the last digit.
 */
export class OpenPosition {
  #lots: number
  #cashTickLots: number
  #costTickLots: number

  constructor({ lots, cashTickLots, costTickLots }: PositionTotals = NONE) {
    this.#lots = lots
    this.#cashTickLots = cashTickLots
    this.#costTickLots = costTickLots
  }

  /** Signed: positive long. */
  get lots(): number {
    return this.#lots
  }

  get costTickLots(): number {
    return this.#costTickLots
  }

  /** Gains and losses of all that was closed so far, in tick-lots, before fees. */
  get realizedTickLots(): number {
    return this.#cashTickLots + this.#costTickLots
  }

  /** Lots that an order on `side` could close. */
  reducible(side: Side): number {
    return Math.max(0, side === 'SELL' ? this.#lots : -this.#lots)
  }

  /** Buys or sells. Returns what was realized by it, in tick-lots. */
  trade(side: Side, lots: number, priceTicks: number): number {
    const before = this.realizedTickLots
    const signed = side === 'BUY' ? lots : -lots
    const closes = Math.min(lots, this.reducible(side))
    if (closes > 0) this.#costTickLots -= this.#released(closes)
    const opens = (lots - closes) * (side === 'BUY' ? 1 : -1)
    this.#costTickLots += opens * priceTicks
    this.#lots += signed
    this.#cashTickLots -= signed * priceTicks
    return this.realizedTickLots - before
  }

  /** Cost of `closes` lots at the average entry, to a whole tick-lot; exact when all is closed. */
  #released(closes: number): number {
    const open = Math.abs(this.#lots)
    if (closes === open) return this.#costTickLots
    return Number((BigInt(this.#costTickLots) * BigInt(closes)) / BigInt(open))
  }

  /** Unrealized gain at a price, in tick-lots. */
  unrealizedTickLots(priceTicks: number): number {
    return this.#lots * priceTicks - this.#costTickLots
  }

  totals(): PositionTotals {
    return { lots: this.#lots, cashTickLots: this.#cashTickLots, costTickLots: this.#costTickLots }
  }
}

const NONE: PositionTotals = { lots: 0, cashTickLots: 0, costTickLots: 0 }
