import type { PositionSide, Side } from '@tapedeck/contracts'
import { ZERO, dec, type Dec } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import type { VenueFill } from '../reconciliation/venue-snapshot.ts'
import { OpenPosition } from './open-position.ts'

/** How many fills an instrument's venue books remember for reconciliation. */
const FILLS_KEPT = 100

/** The venue's books as JSON. */
export type VenueBooksJson = {
  lots: number
  cashTickLots: number
  costTickLots: number
  fees: string
  funding: string
  fills: VenueFill[]
}

const EMPTY: VenueBooksJson = {
  lots: 0,
  cashTickLots: 0,
  costTickLots: 0,
  fees: '0',
  funding: '0',
  fills: [],
}

/**
 * The paper venue's own books on one instrument, in whole tick-lots: kept apart from our ledger and
 * by other arithmetic, so that comparing the two means something.
 */
export class VenueBooks {
  readonly #grid: InstrumentGrid
  readonly #position: OpenPosition
  #fees: Dec
  #funding: Dec
  #fills: VenueFill[]
  /** What `walletChange` found, until something changes it. */
  #wallet: Dec | null = null

  constructor(grid: InstrumentGrid, json: VenueBooksJson = EMPTY) {
    this.#grid = grid
    this.#position = new OpenPosition(json)
    this.#fees = dec(json.fees)
    this.#funding = dec(json.funding)
    this.#fills = [...json.fills]
  }

  /** Signed: positive long. */
  get lots(): number {
    return this.#position.lots
  }

  /** Lots that an order on `side` could close. */
  reducible(side: Side): number {
    return this.#position.reducible(side)
  }

  record(side: Side, lots: number, priceTicks: number, fee: Dec, fill: VenueFill): void {
    this.#wallet = null
    this.#position.trade(side, lots, priceTicks)
    this.#fees = this.#fees.plus(fee)
    this.#fills.push(fill)
    if (this.#fills.length > FILLS_KEPT) this.#fills.shift()
  }

  /** Pays or receives funding on what is held now. Null when flat. */
  fund(rate: number, markPrice: number): Dec | null {
    if (this.lots === 0) return null
    const held = dec(stepsToDecimal(this.lots, this.#grid.lot))
    const amount = held.times(dec(markPrice)).times(dec(rate)).neg().toDecimalPlaces(8)
    this.#funding = this.#funding.plus(amount)
    this.#wallet = null
    return amount
  }

  /** What this instrument has added to the wallet. */
  walletChange(): Dec {
    this.#wallet ??= dec(this.#position.realizedTickLots)
      .times(this.#grid.tickLot)
      .minus(this.#fees)
      .plus(this.#funding)
    return this.#wallet
  }

  /** Unrealized P&L at a price. */
  unrealized(priceTicks: number): Dec {
    if (this.lots === 0) return ZERO
    return dec(this.#position.unrealizedTickLots(priceTicks)).times(this.#grid.tickLot)
  }

  side(): PositionSide {
    if (this.lots === 0) return 'FLAT'
    return this.lots > 0 ? 'LONG' : 'SHORT'
  }

  /** Average entry in ticks, possibly fractional; null when flat. */
  averageTicks(): Dec | null {
    return this.lots === 0 ? null : dec(this.#position.costTickLots).div(this.lots)
  }

  fills(): readonly VenueFill[] {
    return this.#fills
  }

  snapshot(): VenueBooksJson {
    return {
      ...this.#position.totals(),
      fees: this.#fees.toString(),
      funding: this.#funding.toString(),
      fills: [...this.#fills],
    }
  }
}
