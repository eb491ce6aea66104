import type { Json } from '../decider.ts'

type Saved = { highs: number[]; lows: number[]; high: number | null; low: number | null }

const isPeak = (values: readonly number[], side: number, sign: 1 | -1): boolean => {
  const middle = values[side]! * sign
  return values.every((value, i) => i === side || value * sign < middle)
}

/**
 * Fractal pivots: a bar whose high (low) lies strictly beyond those of `side` bars on either side. It is
 * known only once the right side has closed, so nothing here looks ahead.
 */
export class Swings {
  readonly #side: number
  #highs: number[] = []
  #lows: number[] = []
  #high: number | null = null
  #low: number | null = null

  constructor(side: number) {
    this.#side = side
  }

  /** Last confirmed swing high, or null. */
  get high(): number | null {
    return this.#high
  }

  /** Last confirmed swing low, or null. */
  get low(): number | null {
    return this.#low
  }

  /** Adds a closed bar. */
  update(high: number, low: number): void {
    const width = 2 * this.#side + 1
    this.#highs.push(high)
    this.#lows.push(low)
    if (this.#highs.length > width) {
      this.#highs.shift()
      this.#lows.shift()
    }
    if (this.#highs.length < width) return
    if (isPeak(this.#highs, this.#side, 1)) this.#high = this.#highs[this.#side]!
    if (isPeak(this.#lows, this.#side, -1)) this.#low = this.#lows[this.#side]!
  }

  snapshot(): Json {
    return { highs: [...this.#highs], lows: [...this.#lows], high: this.#high, low: this.#low }
  }

  restore(json: Json): void {
    const saved = json as Saved
    this.#highs = [...saved.highs]
    this.#lows = [...saved.lows]
    this.#high = saved.high
    this.#low = saved.low
  }
}
