import { toDecimalString } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import { feeOf, type FillModel } from './fill-model.ts'
import type { Settlement } from './order-filler.ts'
import type { VenueBooks } from './venue-books.ts'
import type { VenueEvent } from './venue-event.ts'
import type { WorkingOrder } from './working-order.ts'

/** Where the engine collects what it tells. */
export type VenueEvents = VenueEvent[]

/**
 * The one account of paper trading on one instrument: its open orders, and what happens to them and to
 * its books when they fill. What fills is booked, charged and told here; an order without anything left
 * is gone.
 */
export class PaperAccount implements Settlement<WorkingOrder, VenueEvents> {
  readonly #grid: InstrumentGrid
  readonly #model: FillModel
  readonly #books: VenueBooks
  #orders: readonly WorkingOrder[]

  constructor(
    grid: InstrumentGrid,
    model: FillModel,
    books: VenueBooks,
    orders: readonly WorkingOrder[] = [],
  ) {
    this.#grid = grid
    this.#model = model
    this.#books = books
    this.#orders = orders
  }

  /** Open orders, oldest first. The list is replaced, not changed: it may be walked while orders go. */
  get orders(): readonly WorkingOrder[] {
    return this.#orders
  }

  add(order: WorkingOrder): void {
    this.#orders = [...this.#orders, order]
  }

  remove(order: WorkingOrder): void {
    this.#orders = this.#orders.filter((one) => one !== order)
  }

  fillable(order: WorkingOrder, at: number, events: VenueEvents): number {
    if (!order.ticket.reduceOnly) return order.leaves
    const most = Math.min(order.leaves, this.#books.reducible(order.ticket.side))
    if (most > 0) return most
    this.remove(order)
    events.push({
      kind: 'expired',
      clientOrderId: order.ticket.clientOrderId,
      venueOrderId: order.venueOrderId,
      at,
      reason: 'REDUCE_ONLY_WITHOUT_POSITION',
    })
    return 0
  }

  settle(
    order: WorkingOrder,
    fill: { readonly lots: number; readonly ticks: number; readonly at: number },
    liquidity: 'MAKER' | 'TAKER',
    events: VenueEvents,
  ): void {
    const { lots, ticks: priceTicks, at } = fill
    const { clientOrderId, side } = order.ticket
    const { venue, symbol, quoteAsset, tick, lot, tickLot } = this.#grid
    const percent =
      liquidity === 'MAKER' ? this.#model.makerFeePercent : this.#model.takerFeePercent
    const fee = feeOf(lots * priceTicks, tickLot, percent)
    order.leaves -= lots
    order.fills += 1
    const fillId = `${clientOrderId}.${order.fills}`
    this.#books.record(side, lots, priceTicks, fee, {
      venue,
      symbol,
      fillId,
      clientOrderId,
      side,
      quantity: stepsToDecimal(lots, lot),
      price: stepsToDecimal(priceTicks, tick),
      fee: toDecimalString(fee),
      feeAsset: quoteAsset,
      liquidity,
      at,
    })
    if (order.leaves === 0) this.remove(order)
    events.push({
      kind: 'filled',
      clientOrderId,
      venueOrderId: order.venueOrderId,
      at,
      fillId,
      lots,
      priceTicks,
      leavesLots: order.leaves,
      liquidity,
      fee: toDecimalString(fee),
    })
  }
}
