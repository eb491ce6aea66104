import type { Side } from '@tapedeck/contracts'
import { toDecimalString } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import type { DisplayedLiquidity } from './displayed-liquidity.ts'
import { feeOf, slip, worse, type FillModel } from './fill-model.ts'
import type { VenueBooks } from './venue-books.ts'
import type { VenueEvent } from './venue-event.ts'
import { goesThrough, type WorkingOrder } from './working-order.ts'

/** A public print as orders meet it. */
export type Print = {
  readonly ticks: number
  readonly lots: number
  readonly time: number
  /** 1: the buyer was the maker, so the aggressor sold. */
  readonly maker: 0 | 1
}

/**
 * The orders that are open at the venue, and what fills them: prints and the book. What fills is booked,
 * charged and told here; an order without anything left is gone.
 */
export class OrderFiller {
  readonly #grid: InstrumentGrid
  readonly #model: FillModel
  readonly #books: VenueBooks
  readonly #liquidity: DisplayedLiquidity
  #orders: readonly WorkingOrder[]

  constructor(
    grid: InstrumentGrid,
    model: FillModel,
    books: VenueBooks,
    liquidity: DisplayedLiquidity,
    orders: readonly WorkingOrder[] = [],
  ) {
    this.#grid = grid
    this.#model = model
    this.#books = books
    this.#liquidity = liquidity
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

  /** Takes what a fresh book shows, up to the order's own price. */
  walk(order: WorkingOrder, at: number, events: VenueEvent[]): void {
    if (!this.#liquidity.isUsable(at, this.#model.bookAgeMsMax)) return
    const { side, priceTicks, stopTicks } = order.ticket
    const most = this.#fillable(order, at, events)
    if (most === 0) return
    for (const { ticks, lots } of this.#liquidity.take(side, most, priceTicks)) {
      const price = stopTicks === null ? ticks : worse(side, ticks, stopTicks)
      this.#fill(order, lots, price, at, 'TAKER', events)
    }
  }

  /** Fills an order that takes any price from a print. Returns the lots that it took. */
  fillAtMarket(order: WorkingOrder, print: Print, available: number, events: VenueEvent[]): number {
    const lots = Math.min(available, this.#fillable(order, print.time, events))
    if (lots === 0) return 0
    const { side, stopTicks, type } = order.ticket
    const from = stopTicks === null ? print.ticks : worse(side, print.ticks, stopTicks)
    const percent = this.#model.slippagePercent * (type === 'STOP_MARKET' ? 2 : 1)
    this.#fill(order, lots, slip(from, side, percent), print.time, 'TAKER', events)
    return lots
  }

  /** Fills a limit from a print through it, or at it once the queue is served. Returns the lots. */
  fillLimit(order: WorkingOrder, print: Print, available: number, events: VenueEvent[]): number {
    const within = this.#withinReach(order, print, available)
    if (within <= 0) return 0
    const lots = Math.min(within, this.#fillable(order, print.time, events))
    if (lots === 0) return 0
    const liquidity = order.taker ? 'TAKER' : 'MAKER'
    this.#fill(order, lots, order.ticket.priceTicks!, print.time, liquidity, events)
    return lots
  }

  /** Lots of a print that are left for a limit once what stood before it is served. */
  #withinReach(order: WorkingOrder, print: Print, available: number): number {
    const { ticket, queueAhead: ahead } = order
    if (goesThrough(ticket, print.ticks)) {
      if (ahead !== null) order.queueAhead = 0
      return available
    }
    const aggressor: Side = print.maker === 1 ? 'SELL' : 'BUY'
    if (ahead === null || print.ticks !== ticket.priceTicks || aggressor === ticket.side) return 0
    order.queueAhead = Math.max(0, ahead - print.lots)
    return Math.min(available, print.lots - ahead)
  }

  /** Lots that the order may still fill; one with nothing to reduce expires here. */
  #fillable(order: WorkingOrder, at: number, events: VenueEvent[]): number {
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

  #fill(
    order: WorkingOrder,
    lots: number,
    priceTicks: number,
    at: number,
    liquidity: 'MAKER' | 'TAKER',
    events: VenueEvent[],
  ): void {
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
