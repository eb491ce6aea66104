import type { Json } from '../decider.ts'

/** What is kept of a bar for measures over windows. */
export type WindowBar = {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** Null for the first bar of all. */
  readonly trueRange: number | null
}

type Packed = [number, number, number, number, number, number | null]

/**
 * The last bars, oldest first. Measures are computed afresh from the window, in a fixed order, so that
 * they never drift and never depend on where the state was saved.
 */
export class BarWindow {
  readonly #capacity: number
  #bars: WindowBar[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get length(): number {
    return this.#bars.length
  }

  push(bar: WindowBar): void {
    this.#bars.push(bar)
    if (this.#bars.length > this.#capacity) this.#bars.shift()
  }

  /** The bar `back` bars ago; 0 is the last one. */
  at(back: number): WindowBar | null {
    return this.#bars[this.#bars.length - 1 - back] ?? null
  }

  /** `count` bars that end `back` bars ago, oldest first; null when there are not as many. */
  last(count: number, back = 0): readonly WindowBar[] | null {
    const end = this.#bars.length - back
    return end < count ? null : this.#bars.slice(end - count, end)
  }

  snapshot(): Json {
    return this.#bars.map(({ open, high, low, close, volume, trueRange }) => [
      open,
      high,
      low,
      close,
      volume,
      trueRange,
    ])
  }

  restore(json: Json): void {
    this.#bars = (json as Packed[]).map(([open, high, low, close, volume, trueRange]) => ({
      open,
      high,
      low,
      close,
      volume,
      trueRange,
    }))
  }
}
