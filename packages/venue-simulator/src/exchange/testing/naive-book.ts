/** One lot in a queue: a client's, by order, or the outside market's (null). */
type Lot = number | null

type Side = 'BUY' | 'SELL'
export type NaiveFill = { readonly order: number; readonly ticks: number }

/**
 * Price-time priority as it is told to children: at every price a queue of single lots, first come first
 * served. Slow, and too simple to be wrong; the exchange is compared with it.
 */
export class NaiveBook {
  readonly #queues = { BUY: new Map<number, Lot[]>(), SELL: new Map<number, Lot[]>() }
  readonly fills: NaiveFill[] = []

  #queue(side: Side, ticks: number): Lot[] {
    const known = this.#queues[side].get(ticks)
    if (known !== undefined) return known
    const made: Lot[] = []
    this.#queues[side].set(ticks, made)
    return made
  }

  /** Prices with lots in them, best first. */
  #prices(side: Side): number[] {
    const prices = [...this.#queues[side]].filter(([, queue]) => queue.length > 0).map(([at]) => at)
    return prices.toSorted((a, b) => (side === 'BUY' ? b - a : a - b))
  }

  /** A client's order comes in: it takes lot by lot what is at its price or better, then waits. */
  place(order: number, side: Side, ticks: number, lots: number): void {
    const other = side === 'BUY' ? 'SELL' : 'BUY'
    for (let left = lots; left > 0; left--) {
      const [best] = this.#prices(other)
      if (best === undefined || (side === 'BUY' ? best > ticks : best < ticks)) {
        this.#queue(side, ticks).push(...Array<Lot>(left).fill(order))
        return
      }
      const maker = this.#queue(other, best).shift()!
      this.fills.push({ order, ticks: best })
      if (maker !== null) this.fills.push({ order: maker, ticks: best })
    }
  }

  cancel(order: number): void {
    for (const side of ['BUY', 'SELL'] as const)
      for (const [ticks, queue] of this.#queues[side])
        this.#queues[side].set(
          ticks,
          queue.filter((lot) => lot !== order),
        )
  }

  /**
   * The outside market trades. Better prices on the side that is taken from are passed through, clients
   * there are served first; and who would have paid more than the print, or asked less, is served too,
   * whichever side was the aggressor. Buyers come before sellers.
   */
  print(aggressor: Side, ticks: number, lots: number): void {
    let left = lots
    for (const side of ['BUY', 'SELL'] as const)
      for (const price of this.#prices(side)) {
        if (side === 'BUY' ? price < ticks : price > ticks) break
        if (price === ticks && side === aggressor) break
        left = this.#servePrice(side, price, left, price === ticks, side !== aggressor)
      }
  }

  #servePrice(side: Side, price: number, lots: number, isLast: boolean, taken: boolean): number {
    const queue = this.#queue(side, price)
    let left = lots
    if (isLast) for (; left > 0 && queue.length > 0; left--) this.#serve(queue, price)
    else {
      const clients = queue.filter((lot) => lot !== null)
      const others = queue.filter((lot) => lot === null)
      for (; left > 0 && clients.length > 0; left--) this.#serve(clients, price)
      this.#queues[side].set(price, taken ? clients : [...others, ...clients])
    }
    return left
  }

  #serve(queue: Lot[], ticks: number): void {
    const lot = queue.shift()!
    if (lot !== null) this.fills.push({ order: lot, ticks })
  }

  /** The outside market has so many lots at a price: new ones come last, the last ones go first. */
  show(side: Side, ticks: number, lots: number): void {
    const queue = this.#queue(side, ticks)
    let shown = queue.filter((lot) => lot === null).length
    for (; shown < lots; shown++) queue.push(null)
    for (; shown > lots; shown--) queue.splice(queue.lastIndexOf(null), 1)
    this.#uncross()
  }

  /** The outside market came to a client's price: it trades with the best clients at their prices. */
  #uncross(): void {
    for (const side of ['BUY', 'SELL'] as const)
      for (;;) {
        const own = this.#firstPrice(side, false)
        const outside = this.#firstPrice(side === 'BUY' ? 'SELL' : 'BUY', true)
        if (own === null || outside === null) break
        if (side === 'BUY' ? own < outside : own > outside) break
        const queue = this.#queue(side, own)
        const at = queue.findIndex((lot) => lot !== null)
        this.fills.push({ order: queue.splice(at, 1)[0]!, ticks: own })
        const others = this.#queue(side === 'BUY' ? 'SELL' : 'BUY', outside)
        others.splice(others.indexOf(null), 1)
      }
  }

  #firstPrice(side: Side, outside: boolean): number | null {
    const found = this.#prices(side).find((ticks) =>
      this.#queue(side, ticks).some((lot) => (lot === null) === outside),
    )
    return found ?? null
  }
}
