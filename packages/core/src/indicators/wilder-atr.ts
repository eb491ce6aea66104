import type { Json } from '../decider.ts'

/**
 * What the first bar, which has no close before it, gives to the seed: nothing, so that the seed is the
 * mean of the true ranges of bars 1 to N (`skip`, ours); or its high - low, so that the first value comes
 * one bar earlier (`high-low`).
 */
export type FirstRange = 'skip' | 'high-low'

type Saved = {
  ranges: number
  seed: number
  value: number | null
  lastRange: number | null
  close: number | null
}

/**
 * Average true range after Wilder: seeded with the mean of the first `period` true ranges, then
 * `(previous x (period - 1) + range) / period`. In the units of the prices that it is given.
 */
export class WilderAtr {
  readonly #period: number
  readonly #firstRange: FirstRange
  #ranges = 0
  #seed = 0
  #value: number | null = null
  #lastRange: number | null = null
  #close: number | null = null

  constructor(period: number, firstRange: FirstRange = 'skip') {
    this.#period = period
    this.#firstRange = firstRange
  }

  /** Null until `period` ranges were seen. */
  get value(): number | null {
    return this.#value
  }

  /** True range of the last bar; null for a first bar that has none. */
  get trueRange(): number | null {
    return this.#lastRange
  }

  /** Adds a closed bar and returns the value after it. */
  update(high: number, low: number, close: number): number | null {
    const before = this.#close
    this.#close = close
    if (before === null && this.#firstRange === 'skip') return null
    const range =
      before === null
        ? high - low
        : Math.max(high - low, Math.abs(high - before), Math.abs(low - before))
    this.#lastRange = range
    if (this.#value === null) this.#addToSeed(range)
    else this.#value = (this.#value * (this.#period - 1) + range) / this.#period
    return this.#value
  }

  #addToSeed(range: number): void {
    this.#seed += range
    this.#ranges++
    if (this.#ranges === this.#period) this.#value = this.#seed / this.#period
  }

  snapshot(): Json {
    return {
      ranges: this.#ranges,
      seed: this.#seed,
      value: this.#value,
      lastRange: this.#lastRange,
      close: this.#close,
    }
  }

  restore(json: Json): void {
    const saved = json as Saved
    this.#ranges = saved.ranges
    this.#seed = saved.seed
    this.#value = saved.value
    this.#lastRange = saved.lastRange
    this.#close = saved.close
  }
}
