import type { Side } from '@tapedeck/contracts'
import type { OrderRole, OrderTicket } from '@tapedeck/core'

/** An order of ours at the venue or on its way there, and what it is for. */
export type LaneOrder = {
  readonly ticket: OrderTicket
  readonly role: OrderRole
  /** The strategy's own id; `stop`, `target`, `exit` for what is not an entry. */
  readonly id: string
  readonly reason: string
  /** Protection that an entry asks for once it fills. */
  readonly stopTicks: number | null
  readonly targetTicks: number | null
  resting: boolean
  /** Takes any price: a market order, or one that has triggered. */
  atMarket: boolean
  /** A cancel is on its way. */
  leaving: boolean
  /** Lots that filled so far. */
  filled: number
}

/** The side of a price on which an order waits: does it react to falling prices, or to rising ones? */
const waitsBelow = ({ type, side }: OrderTicket): boolean =>
  (type === 'STOP_MARKET') === (side === 'SELL')

/**
 * Open orders of one symbol, with the two prices between which nothing can happen to any of them. That
 * is what lets whole bars be passed over without asking the matching engine.
 */
export class LaneOrders {
  readonly #orders = new Map<string, LaneOrder>()
  /** A low at or below it, or a high at or above, can matter. */
  below = -Infinity
  above = Infinity
  /** Orders that take any price, or whose arrival is still to come. */
  urgent = 0
  pendingEntries = 0

  get size(): number {
    return this.#orders.size
  }

  values(): IterableIterator<LaneOrder> {
    return this.#orders.values()
  }

  get(clientOrderId: string): LaneOrder | undefined {
    return this.#orders.get(clientOrderId)
  }

  find(role: OrderRole, id?: string): LaneOrder | undefined {
    for (const order of this.#orders.values())
      if (order.role === role && (id === undefined || order.id === id)) return order
    return undefined
  }

  /** Sides of entries that wait for a price. */
  entrySides(): readonly Side[] {
    const sides: Side[] = []
    for (const { role, ticket } of this.#orders.values())
      if (role === 'entry' && !sides.includes(ticket.side)) sides.push(ticket.side)
    return sides
  }

  add(order: LaneOrder): void {
    this.#orders.set(order.ticket.clientOrderId, order)
    this.refresh()
  }

  remove(clientOrderId: string): void {
    if (this.#orders.delete(clientOrderId)) this.refresh()
  }

  /** To be called after any change to an order. */
  refresh(): void {
    this.below = -Infinity
    this.above = Infinity
    this.urgent = 0
    this.pendingEntries = 0
    for (const order of this.#orders.values()) {
      const { ticket, role } = order
      if (role === 'entry') this.pendingEntries++
      if (order.atMarket || !order.resting) this.urgent++
      else {
        const level = ticket.stopTicks ?? ticket.priceTicks!
        if (waitsBelow(ticket)) this.below = Math.max(this.below, level)
        else this.above = Math.min(this.above, level)
      }
    }
  }

  /**
   * The next price on the way from `from` to `to` at which a resting order does something: the trigger of a
   * conditional order, one tick through a limit. Null when there is none before `to`.
   */
  nextLevel(from: number, to: number): number | null {
    const up = to > from
    let next: number | null = null
    for (const { ticket, resting, atMarket } of this.#orders.values()) {
      if (!resting || atMarket || waitsBelow(ticket) === up) continue
      const level = ticket.stopTicks ?? ticket.priceTicks! + (up ? 1 : -1)
      const between = up ? level > from && level < to : level < from && level > to
      if (between && (next === null || (up ? level < next : level > next))) next = level
    }
    return next
  }
}
