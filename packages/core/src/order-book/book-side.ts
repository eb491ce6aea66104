/**
 * One side of a book as two parallel columns, best level last: most changes touch the best few
 * levels, and an insert there moves the least.
 *
 * `sign` is 1 for bids and -1 for asks, so that the same order (ascending key, best last) serves both.
 */
export class BookSide {
  readonly #sign: 1 | -1
  #keys: number[] = []
  #lots: number[] = []

  constructor(sign: 1 | -1) {
    this.#sign = sign
  }

  get size(): number {
    return this.#keys.length
  }

  /** First position whose key is not below `key`. */
  #position(key: number): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Sets the resting quantity at a price; 0 removes the level. Removing an absent level is normal. */
  set(ticks: number, lots: number): void {
    const key = this.#sign * ticks
    const at = this.#position(key)
    if (this.#keys[at] === key) {
      if (lots !== 0) this.#lots[at] = lots
      else {
        this.#keys.splice(at, 1)
        this.#lots.splice(at, 1)
      }
    } else if (lots !== 0) {
      this.#keys.splice(at, 0, key)
      this.#lots.splice(at, 0, lots)
    }
  }

  clear(): void {
    this.#keys = []
    this.#lots = []
  }

  best(): number | null {
    const key = this.#keys.at(-1)
    return key === undefined ? null : this.#sign * key
  }

  lotsAt(ticks: number): number {
    const key = this.#sign * ticks
    const at = this.#position(key)
    return this.#keys[at] === key ? this.#lots[at]! : 0
  }

  /** The best `max` levels, best first. */
  levels(max: number): { ticks: number[]; lots: number[] } {
    const ticks: number[] = []
    const lots: number[] = []
    const last = Math.max(0, this.#keys.length - max)
    for (let i = this.#keys.length - 1; i >= last; i--) {
      ticks.push(this.#sign * this.#keys[i]!)
      lots.push(this.#lots[i]!)
    }
    return { ticks, lots }
  }
}
