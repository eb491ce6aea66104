import type { Json } from '../decider.ts'

/** Aggressive volume in one price bin: sells hit the bid, buys lift the ask. */
export type FootprintLevel = {
  readonly bin: number
  readonly buyLots: number
  readonly sellLots: number
}

/**
 * Volume by price bin while a bar is open. Prints cluster, so the bin of the last one is kept at hand and
 * most prints cost two comparisons and an addition.
 */
export class BinVolumes {
  readonly #width: number
  readonly #slots = new Map<number, number>()
  #buy = new Float64Array(64)
  #sell = new Float64Array(64)
  #slot = 0
  /** The ticks of the bin at hand: from `low` up to and without `end`. */
  #low = 0
  #end = 0

  /** `width`: ticks per bin. */
  constructor(width: number) {
    this.#width = width
  }

  get isEmpty(): boolean {
    return this.#slots.size === 0
  }

  add(priceTicks: number, lots: number, isBuyerMaker: boolean): void {
    if (priceTicks < this.#low || priceTicks >= this.#end) this.#seek(priceTicks)
    if (isBuyerMaker) this.#sell[this.#slot]! += lots
    else this.#buy[this.#slot]! += lots
  }

  #seek(priceTicks: number): void {
    const bin = Math.floor(priceTicks / this.#width)
    this.#slot = this.#slotOf(bin)
    this.#low = bin * this.#width
    this.#end = this.#low + this.#width
  }

  #slotOf(bin: number): number {
    const known = this.#slots.get(bin)
    if (known !== undefined) return known
    const slot = this.#slots.size
    this.#slots.set(bin, slot)
    if (slot >= this.#buy.length) {
      this.#buy = grown(this.#buy)
      this.#sell = grown(this.#sell)
    }
    this.#buy[slot] = 0
    this.#sell[slot] = 0
    return slot
  }

  /** What traded, by rising bin. */
  levels(): FootprintLevel[] {
    return [...this.#slots]
      .map(([bin, slot]) => ({ bin, buyLots: this.#buy[slot]!, sellLots: this.#sell[slot]! }))
      .toSorted((a, b) => a.bin - b.bin)
  }

  clear(): void {
    this.#slots.clear()
    this.#low = 0
    this.#end = 0
  }

  snapshot(): Json {
    return this.levels().map(({ bin, buyLots, sellLots }) => [bin, buyLots, sellLots])
  }

  restore(json: Json): void {
    this.clear()
    for (const [bin, buyLots, sellLots] of json as [number, number, number][]) {
      const slot = this.#slotOf(bin)
      this.#buy[slot] = buyLots
      this.#sell[slot] = sellLots
    }
  }
}

const grown = (column: Float64Array): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(column.length * 2)
  larger.set(column)
  return larger
}
