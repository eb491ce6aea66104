import type { Side } from '@tapedeck/contracts'
import { OrderBook } from '@tapedeck/core'
import type { ClientOrder } from '../orders/client-order.ts'

type Levels = Map<number, ClientOrder[]>

const bookSide = (side: Side): 'bid' | 'ask' => (side === 'BUY' ? 'bid' : 'ask')

/** Clients' resting orders of a symbol: by price, then by time. */
export class RestingBook {
  readonly #totals = new OrderBook()
  readonly #buys: Levels = new Map()
  readonly #sells: Levels = new Map()

  #levels(side: Side): Levels {
    return side === 'BUY' ? this.#buys : this.#sells
  }

  #addLots(side: Side, ticks: number, lots: number): void {
    const total = this.lotsAt(side, ticks) + lots
    if (side === 'BUY') this.#totals.applyDelta([ticks], [total], [], [])
    else this.#totals.applyDelta([], [], [ticks], [total])
  }

  lotsAt(side: Side, ticks: number): number {
    return this.#totals.lotsAt(bookSide(side), ticks)
  }

  add(order: ClientOrder): void {
    const { side, priceTicks } = order.ticket
    const levels = this.#levels(side)
    const level = levels.get(priceTicks!)
    if (level === undefined) levels.set(priceTicks!, [order])
    else level.push(order)
    this.#addLots(side, priceTicks!, order.leaves)
  }

  /** Takes an order out; `order.leaves` are the lots that it still counted for. */
  remove(order: ClientOrder): void {
    const { side, priceTicks } = order.ticket
    const levels = this.#levels(side)
    const level = levels.get(priceTicks!)
    const at = level?.indexOf(order) ?? -1
    if (level === undefined || at < 0) return
    level.splice(at, 1)
    if (level.length === 0) levels.delete(priceTicks!)
    this.#addLots(side, priceTicks!, -order.leaves)
  }

  /** `order` has filled `lots` of what it counted for. */
  shrink(order: ClientOrder, lots: number): void {
    this.#addLots(order.ticket.side, order.ticket.priceTicks!, -lots)
  }

  bestTicks(side: Side): number | null {
    return side === 'BUY' ? this.#totals.bestBid() : this.#totals.bestAsk()
  }

  /** The order with priority on a side. */
  first(side: Side): ClientOrder | null {
    const best = this.bestTicks(side)
    return best === null ? null : (this.#levels(side).get(best)?.[0] ?? null)
  }

  /** Orders of a side at a price, in turn. */
  at(side: Side, ticks: number): readonly ClientOrder[] {
    return this.#levels(side).get(ticks) ?? []
  }

  /** Orders of a side at least as good for the other side as `ticks`, by price, then time. A copy. */
  upTo(side: Side, ticks: number): ClientOrder[] {
    const best = this.bestTicks(side)
    if (best === null || (side === 'BUY' ? best < ticks : best > ticks)) return []
    const prices = this.#totals.levels(bookSide(side), Infinity).ticks
    const orders: ClientOrder[] = []
    for (const price of prices) {
      if (side === 'BUY' ? price < ticks : price > ticks) break
      orders.push(...this.at(side, price))
    }
    return orders
  }

  /** Prices at which orders rest, best first. */
  prices(side: Side): readonly number[] {
    return this.#totals.levels(bookSide(side), Infinity).ticks
  }

  isEmpty(): boolean {
    return this.#totals.isEmpty()
  }
}
