import type { Json } from '../decider.ts'

/**
 * Highest high and lowest low of the last `period` bars, O(1) a bar: two monotonic queues in rings.
 * Read it before `push` for a channel that excludes the bar at hand.
 */
export class RollingChannel {
  readonly #period: number
  readonly #mask: number
  readonly #highs: Float64Array
  readonly #highAt: Float64Array
  readonly #lows: Float64Array
  readonly #lowAt: Float64Array
  #highFirst = 0
  #highEnd = 0
  #lowFirst = 0
  #lowEnd = 0
  #count = 0

  /** Throws a RangeError when `period` is not a whole number of at least 1. */
  constructor(period: number, snapshot?: Json) {
    if (!Number.isSafeInteger(period) || period < 1)
      throw new RangeError(`channel of ${period} bars, expected a whole number of at least 1`)
    this.#period = period
    const capacity = 2 ** Math.ceil(Math.log2(period + 1))
    this.#mask = capacity - 1
    this.#highs = new Float64Array(capacity)
    this.#highAt = new Float64Array(capacity)
    this.#lows = new Float64Array(capacity)
    this.#lowAt = new Float64Array(capacity)
    if (snapshot !== undefined) this.#restore(snapshot as Saved)
  }

  /** True once `period` bars are in. */
  get isFull(): boolean {
    return this.#count >= this.#period
  }

  get period(): number {
    return this.#period
  }

  /** Only meaningful once a bar is in. */
  get high(): number {
    return this.#highs[this.#highFirst & this.#mask]!
  }

  get low(): number {
    return this.#lows[this.#lowFirst & this.#mask]!
  }

  push(high: number, low: number): void {
    const at = this.#count++
    const oldest = at - this.#period
    const mask = this.#mask
    while (this.#highFirst < this.#highEnd && this.#highAt[this.#highFirst & mask]! <= oldest)
      this.#highFirst++
    while (this.#lowFirst < this.#lowEnd && this.#lowAt[this.#lowFirst & mask]! <= oldest)
      this.#lowFirst++
    while (this.#highEnd > this.#highFirst && this.#highs[(this.#highEnd - 1) & mask]! <= high)
      this.#highEnd--
    while (this.#lowEnd > this.#lowFirst && this.#lows[(this.#lowEnd - 1) & mask]! >= low)
      this.#lowEnd--
    this.#highs[this.#highEnd & mask] = high
    this.#highAt[this.#highEnd++ & mask] = at
    this.#lows[this.#lowEnd & mask] = low
    this.#lowAt[this.#lowEnd++ & mask] = at
  }

  snapshot(): Json {
    const queue = (values: Float64Array, at: Float64Array, first: number, end: number): Json =>
      Array.from({ length: end - first }, (_, i) => {
        const place = (first + i) & this.#mask
        return [at[place]!, values[place]!]
      })
    return {
      count: this.#count,
      highs: queue(this.#highs, this.#highAt, this.#highFirst, this.#highEnd),
      lows: queue(this.#lows, this.#lowAt, this.#lowFirst, this.#lowEnd),
    }
  }

  #restore(saved: Saved): void {
    this.#count = saved.count
    for (const [at, value] of saved.highs) {
      this.#highs[this.#highEnd & this.#mask] = value
      this.#highAt[this.#highEnd++ & this.#mask] = at
    }
    for (const [at, value] of saved.lows) {
      this.#lows[this.#lowEnd & this.#mask] = value
      this.#lowAt[this.#lowEnd++ & this.#mask] = at
    }
  }
}

type Saved = { count: number; highs: [number, number][]; lows: [number, number][] }
