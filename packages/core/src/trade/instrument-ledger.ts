import type { OtherFees } from '@tapedeck/contracts'
import { dec, toDecimalString, type Dec } from '../decimal/index.ts'
import { decimalToSteps, stepsToDecimal } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import {
  FLAT,
  applyFill,
  applyFunding,
  averageEntry,
  positionFromJson,
  positionToJson,
  sideOf,
  unrealizedPnl,
  walletChange,
  type Position,
  type PositionFill,
  type PositionJson,
} from '../position/index.ts'
import type { ExecutionTape } from './execution-tape.ts'
import { addOtherFee, paidIn, type OtherFee } from './other-fee.ts'

export type InstrumentLedgerJson = {
  position: PositionJson
  toldProtected: boolean
  /** Absent where every fee was in the quote asset. */
  otherFees?: OtherFees[]
}

/** Whom a position belongs to and whether a stop stands for it, as the tape is told. */
export type PositionStanding = {
  readonly tradeId: string | null
  readonly setupId: string | null
  readonly protected: boolean
}

/** What we hold in one instrument by our own fills, and what the tape was told of it. */
export class InstrumentLedger {
  readonly #grid: InstrumentGrid
  readonly #tape: ExecutionTape
  #position: Position
  #toldProtected: boolean
  #otherFees: OtherFees[]

  constructor(grid: InstrumentGrid, tape: ExecutionTape, json?: InstrumentLedgerJson) {
    this.#grid = grid
    this.#tape = tape
    this.#position = json === undefined ? FLAT : positionFromJson(json.position)
    this.#toldProtected = json?.toldProtected ?? false
    this.#otherFees = json?.otherFees ?? []
  }

  get isOpen(): boolean {
    return !this.#position.quantity.isZero()
  }

  /** What would make it flat: side and whole lots. Only while it is open. */
  toClose(): { side: 'BUY' | 'SELL'; lots: number } {
    const { quantity } = this.#position
    const lots = decimalToSteps(toDecimalString(quantity.abs()), this.#grid.lot)
    return { side: quantity.isNegative() ? 'BUY' : 'SELL', lots: lots ?? 0 }
  }

  fill(fill: PositionFill, otherFee?: OtherFee): void {
    this.#position = applyFill(this.#position, fill)
    if (otherFee !== undefined) this.#otherFees = addOtherFee(this.#otherFees, otherFee)
  }

  /** Fees that were paid in an asset that is not the quote's. */
  paidIn(asset: string): Dec {
    return paidIn(this.#otherFees, asset)
  }

  fund(amount: Dec): void {
    this.#position = applyFunding(this.#position, amount)
  }

  /** What this instrument has added to the wallet of its quote asset. */
  walletChange(): Dec {
    return walletChange(this.#position)
  }

  /** Unrealized P&L at a price; 0 before there is one. */
  unrealized(ticks: number | null): Dec {
    if (ticks === null) return dec(0)
    return unrealizedPnl(this.#position, dec(stepsToDecimal(ticks, this.#grid.tick)))
  }

  tell(standing: PositionStanding, at: number): void {
    const side = sideOf(this.#position)
    const average = averageEntry(this.#position)
    this.#toldProtected = side !== 'FLAT' && standing.protected
    this.#tape.position(
      this.#grid,
      {
        side,
        quantity: toDecimalString(this.#position.quantity.abs()),
        average_price: average === null ? null : toDecimalString(average),
        realized_pnl: toDecimalString(this.#position.realizedPnl),
        trade_id: standing.tradeId,
        protected: this.#toldProtected,
      },
      standing.setupId,
      at,
    )
  }

  /** Tells an open position again when its protection is not what was told. */
  tellProtection(standing: PositionStanding, at: number): void {
    if (this.isOpen && standing.protected !== this.#toldProtected) this.tell(standing, at)
  }

  snapshot(): InstrumentLedgerJson {
    const position = positionToJson(this.#position)
    const json = { position, toldProtected: this.#toldProtected }
    return this.#otherFees.length === 0 ? json : { ...json, otherFees: [...this.#otherFees] }
  }
}
