type Levels = ReadonlyMap<bigint, bigint>

const extreme = (side: Levels, isBetter: (a: bigint, b: bigint) => boolean): bigint | null =>
  [...side.keys()].reduce<bigint | null>((a, b) => (a === null || isBetter(b, a) ? b : a), null)

const linesOf = (name: string, side: Levels): string[] =>
  [...side].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([p, q]) => `${name} ${p} ${q}`)

/** Price to size in whole ticks and lots, both sides; nothing is sorted, everything is looked at. */
export class PlainBook {
  readonly bids = new Map<bigint, bigint>()
  readonly asks = new Map<bigint, bigint>()

  clear(): void {
    this.bids.clear()
    this.asks.clear()
  }

  set(side: 'bids' | 'asks', price: bigint, size: bigint): void {
    if (size === 0n) this[side].delete(price)
    else this[side].set(price, size)
  }

  /** Best bid and ask with their sizes, found by looking at every level. */
  best(): string {
    const bid = extreme(this.bids, (a, b) => a > b)
    const ask = extreme(this.asks, (a, b) => a < b)
    return bid === null || ask === null
      ? 'empty'
      : `${bid}x${this.bids.get(bid)} ${ask}x${this.asks.get(ask)}`
  }

  /** Every level, sorted. */
  levels(): string[] {
    return [...linesOf('bid', this.bids), ...linesOf('ask', this.asks)]
  }
}
