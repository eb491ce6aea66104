import {
  type CorrectionRequested,
  type OrderRole,
  type OrderType,
  type Side,
} from '@tapedeck/contracts'
import { decimalToSteps } from '../market/index.ts'
import { clientOrderId, isTerminal, type InstrumentGrid, type OrderRecord } from '../order/index.ts'
import type { OrderDesk } from './order-desk.ts'
import { isHeld } from './plan-trade.ts'

export type OrphanJson = {
  readonly tradeId: string
  /** The side that opened the position: BUY when it is long. */
  readonly side: Side
  readonly lots: number
  adopted: boolean
  /** The venue does not hold it any more. */
  gone?: boolean
  counter: number
}

/**
 * A position at the venue that no trade of ours explains. It gets an emergency stop and is otherwise
 * left alone: its fills stay out of our ledger until an operator adopts it, because we do not know
 * what was paid for it.
 */
export class OrphanKeeper {
  readonly #orphan: OrphanJson
  readonly #grid: InstrumentGrid
  readonly #orders: OrderDesk

  constructor(orphan: OrphanJson, grid: InstrumentGrid, orders: OrderDesk) {
    this.#orphan = orphan
    this.#grid = grid
    this.#orders = orders
  }

  static from(
    correction: CorrectionRequested,
    grid: InstrumentGrid,
    orders: OrderDesk,
  ): OrphanKeeper | null {
    const lots = decimalToSteps(correction.quantity ?? '0', grid.lot)
    if (lots === null || lots <= 0 || correction.side === null) return null
    const side = correction.side === 'SELL' ? 'BUY' : 'SELL'
    const tradeId = `orphan-${correction.correction_id}`
    return new OrphanKeeper({ tradeId, side, lots, adopted: false, counter: 0 }, grid, orders)
  }

  get tradeId(): string {
    return this.#orphan.tradeId
  }

  get adopted(): boolean {
    return this.#orphan.adopted
  }

  snapshot(): OrphanJson {
    return { ...this.#orphan }
  }

  adopt(): { side: Side; lots: number } {
    this.#orphan.adopted = true
    return { side: this.#orphan.side, lots: this.#orphan.lots }
  }

  #own(): OrderRecord[] {
    return this.#orders.of(this.tradeId)
  }

  isProtected(): boolean {
    return this.#own().some((order) => order.role === 'EMERGENCY_STOP' && isHeld(order))
  }

  /** Places the emergency stop at the price that reconciliation names, once. */
  protect(correction: CorrectionRequested, at: number): void {
    const stopTicks = decimalToSteps(correction.price ?? '0', this.#grid.tick)
    const placed = this.#own().some(({ role }) => role === 'EMERGENCY_STOP')
    if (stopTicks !== null && stopTicks > 0 && !placed) this.#placeStop(stopTicks, at)
  }

  #placeStop(ticks: number, at: number): void {
    this.#submit('EMERGENCY_STOP', 'STOP_MARKET', ticks, ticks, at)
  }

  /** Closes the position at the market, once. */
  close(at: number, lastTicks: number | null): void {
    if (!this.#own().some(({ role }) => role === 'EXIT'))
      this.#submit('EXIT', 'MARKET', null, lastTicks, at)
  }

  /** The position is gone at the venue: whatever is left of its orders is canceled. */
  drop(at: number): void {
    this.#orphan.gone = true
    for (const { clientOrderId: id } of this.#own())
      this.#orders.cancel(id, 'the position is gone', false, at)
  }

  /**
   * Follows its orders: a stop that the venue lost is placed anew; a refused one means the price is beyond
   * it, so the position is closed; once it is closed, the other order is canceled. Returns true when
   * nothing is left of it.
   */
  settle(at: number, lastTicks: number | null): boolean {
    if (this.#orphan.gone === true) return this.#isOver()
    const newest = this.#own().at(-1)
    const lost = newest?.status === 'CANCELED' && !newest.cancelRequested
    if (lost && newest.role === 'EMERGENCY_STOP' && newest.stopTicks !== null)
      this.#placeStop(newest.stopTicks, at)
    const refused = this.#own().some(({ status }) => status === 'REJECTED')
    if (refused) this.close(at, lastTicks)
    const orders = this.#own()
    const closed = orders.some(({ status }) => status === 'FILLED')
    if (closed)
      for (const { clientOrderId: id } of orders)
        this.#orders.cancel(id, 'the position is closed', false, at)
    return orders.length > 0 && this.#isOver()
  }

  #isOver(): boolean {
    const over = this.#own().every(({ status }) => isTerminal(status))
    if (over) this.#orders.forget(this.tradeId)
    return over
  }

  #submit(
    role: OrderRole,
    type: OrderType,
    stopTicks: number | null,
    expectedTicks: number | null,
    at: number,
  ): void {
    this.#orphan.counter += 1
    this.#orders.submit(
      {
        clientOrderId: clientOrderId(this.tradeId, role, this.#orphan.counter),
        tradeId: this.tradeId,
        role,
        side: this.#orphan.side === 'BUY' ? 'SELL' : 'BUY',
        type,
        lots: this.#orphan.lots,
        priceTicks: null,
        stopTicks,
        reduceOnly: true,
      },
      { setupId: null, basis: null, expectedTicks },
      at,
    )
  }
}
