import type { OrderType, Side } from '@tapedeck/contracts'
import type { DisplayedLiquidity } from './displayed-liquidity.ts'
import { slip, worse, type FillModel } from './fill-model.ts'
import { lotsReaching, type Print, type QueuedLimit } from './queue-place.ts'

/** What an order has to have so that it can be filled. Mutable: it belongs to one venue. */
export type FillableOrder = QueuedLimit & {
  readonly ticket: {
    readonly side: Side
    readonly type: OrderType
    /** The worst price that it takes; null takes any. */
    readonly priceTicks: number | null
    /** A fill is never better than this, whatever the print or the book say. */
    readonly stopTicks: number | null
  }
  /** A limit that was already through the market when it came pays the taker's fee. */
  taker: boolean
}

/**
 * Whoever books what fills: one account on paper, many on an exchange. `sink` goes through untouched: it
 * is where the venue collects what it tells.
 */
export type Settlement<Order, Sink> = {
  /** Lots that the order may still fill; one that may not fill any more is ended here, and gets 0. */
  readonly fillable: (order: Order, at: number, sink: Sink) => number
  /** Books a fill against the outside market and takes the order out when nothing is left. */
  readonly settle: (
    order: Order,
    fill: { readonly lots: number; readonly ticks: number; readonly at: number },
    liquidity: 'MAKER' | 'TAKER',
    sink: Sink,
  ) => void
}

/** Other clients' resting orders, as an order that comes in meets them. */
export type Opposite<Order, Sink> = {
  /** The one with priority on the side that an order of `side` takes from. */
  readonly first: (side: Side) => Order | null
  /**
   * Trades up to `lots` of `order` with `other` at the other's price, or ends one of the two. Returns the
   * lots of `order` that it used up: all of them when `order` itself has ended.
   */
  readonly meet: (order: Order, other: Order, lots: number, at: number, sink: Sink) => number
  /** Displayed lots at a price were taken: the orders there move up by them. */
  readonly moveUp: (side: Side, ticks: number, lots: number) => void
}

type Rules = Pick<FillModel, 'slippagePercent'> & {
  /** Null: any book that is not crossed is walked, however old. */
  readonly bookAgeMsMax: number | null
}

/** What fills orders: prints, the displayed book and, where there are any, other clients' orders. */
export class OrderFiller<Order extends FillableOrder, Sink> {
  readonly #liquidity: DisplayedLiquidity
  readonly #rules: Rules
  readonly #settlement: Settlement<Order, Sink>
  readonly #opposite: Opposite<Order, Sink> | null

  constructor(
    liquidity: DisplayedLiquidity,
    rules: Rules,
    settlement: Settlement<Order, Sink>,
    opposite: Opposite<Order, Sink> | null = null,
  ) {
    this.#liquidity = liquidity
    this.#rules = rules
    this.#settlement = settlement
    this.#opposite = opposite
  }

  /**
   * Takes what the book shows and what other clients offer, up to the order's own price: best price
   * first, and at one price whoever was there first.
   */
  walk(order: Order, at: number, sink: Sink): void {
    const shown = this.#liquidity.isUsable(at, this.#rules.bookAgeMsMax)
    if (!shown && this.#opposite === null) return
    const { side, priceTicks: limit } = order.ticket
    let left = this.#settlement.fillable(order, at, sink)
    while (left > 0) {
      const other = this.#opposite?.first(side) ?? null
      const level = shown ? this.#liquidity.best(side, limit) : null
      const theirs = other?.ticket.priceTicks ?? null
      const isTheirs = theirs !== null && isAtLeastAsGood(side, theirs, level?.ticks ?? null)
      if (isTheirs && !isAtLeastAsGood(side, theirs, limit)) return
      const before =
        level?.ticks === theirs ? Math.min(other?.queueAhead ?? 0, level?.lots ?? 0) : 0
      if (isTheirs && before === 0) left -= this.#opposite!.meet(order, other!, left, at, sink)
      else if (level === null) return
      else
        left -= this.#take(
          order,
          level.ticks,
          Math.min(left, isTheirs ? before : level.lots),
          at,
          sink,
        )
    }
  }

  #take(order: Order, ticks: number, lots: number, at: number, sink: Sink): number {
    const { side, stopTicks } = order.ticket
    this.#liquidity.takeAt(side, ticks, lots)
    this.#opposite?.moveUp(side, ticks, lots)
    const price = stopTicks === null ? ticks : worse(side, ticks, stopTicks)
    this.#settlement.settle(order, { lots, ticks: price, at }, 'TAKER', sink)
    return lots
  }

  /** Fills an order that takes any price from a print. Returns the lots that it took. */
  fillAtMarket(order: Order, print: Print, available: number, sink: Sink): number {
    const lots = Math.min(available, this.#settlement.fillable(order, print.time, sink))
    if (lots === 0) return 0
    const { side, stopTicks, type } = order.ticket
    const from = stopTicks === null ? print.ticks : worse(side, print.ticks, stopTicks)
    const percent = this.#rules.slippagePercent * (type === 'STOP_MARKET' ? 2 : 1)
    const ticks = slip(from, side, percent)
    this.#settlement.settle(order, { lots, ticks, at: print.time }, 'TAKER', sink)
    return lots
  }

  /**
   * Fills a limit from a print through it, or at it once the queue is served. `before`: lots of the print
   * that orders with priority took. Returns the lots that this one took.
   */
  fillLimit(order: Order, print: Print, available: number, before: number, sink: Sink): number {
    const within = Math.min(available, lotsReaching(order, print, before))
    if (within <= 0) return 0
    const lots = Math.min(within, this.#settlement.fillable(order, print.time, sink))
    if (lots === 0) return 0
    const fill = { lots, ticks: order.ticket.priceTicks!, at: print.time }
    this.#settlement.settle(order, fill, order.taker ? 'TAKER' : 'MAKER', sink)
    return lots
  }
}

/** True when whoever trades on `side` does not mind `ticks` instead of `than`; null is any price. */
const isAtLeastAsGood = (side: Side, ticks: number, than: number | null): boolean =>
  than === null || (side === 'BUY' ? ticks <= than : ticks >= than)
