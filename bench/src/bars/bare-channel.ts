import type { BarSeries } from '@tapedeck/backtest'

/**
 * The least that a channel breakout has to do with the same arrays: rolling extremes of `entry` and
 * `exit` bars in rings, and a flag for the position. Returns how often the flag changed, so that nothing
 * is optimized away.
 */
export const bareChannel = (series: BarSeries, entry: number, exit: number): number => {
  const { high, low, close, count } = series
  const entryRange = new BareRange(entry)
  const exitRange = new BareRange(exit)
  let position = 0
  let changes = 0
  for (let i = 0; i < count; i++) {
    const price = close[i]!
    let wanted = position
    if (position > 0 && price < exitRange.low()) wanted = 0
    else if (position < 0 && price > exitRange.high()) wanted = 0
    else if (position === 0 && i >= entry)
      wanted = price > entryRange.high() ? 1 : price < entryRange.low() ? -1 : 0
    if (wanted !== position) {
      position = wanted
      changes++
    }
    entryRange.push(high[i]!, low[i]!, i)
    exitRange.push(high[i]!, low[i]!, i)
  }
  return changes
}

/** Two monotonic queues. */
class BareRange {
  readonly #period: number
  readonly #mask: number
  readonly #tops: Int32Array
  readonly #topAt: Int32Array
  readonly #bottoms: Int32Array
  readonly #bottomAt: Int32Array
  #topFirst = 0
  #topEnd = 0
  #bottomFirst = 0
  #bottomEnd = 0

  constructor(period: number) {
    const capacity = 2 ** Math.ceil(Math.log2(period + 1))
    this.#period = period
    this.#mask = capacity - 1
    this.#tops = new Int32Array(capacity)
    this.#topAt = new Int32Array(capacity)
    this.#bottoms = new Int32Array(capacity)
    this.#bottomAt = new Int32Array(capacity)
  }

  high(): number {
    return this.#tops[this.#topFirst & this.#mask]!
  }

  low(): number {
    return this.#bottoms[this.#bottomFirst & this.#mask]!
  }

  push(high: number, low: number, at: number): void {
    const mask = this.#mask
    const oldest = at - this.#period
    while (this.#topFirst < this.#topEnd && this.#topAt[this.#topFirst & mask]! <= oldest)
      this.#topFirst++
    while (
      this.#bottomFirst < this.#bottomEnd &&
      this.#bottomAt[this.#bottomFirst & mask]! <= oldest
    )
      this.#bottomFirst++
    while (this.#topEnd > this.#topFirst && this.#tops[(this.#topEnd - 1) & mask]! <= high)
      this.#topEnd--
    while (
      this.#bottomEnd > this.#bottomFirst &&
      this.#bottoms[(this.#bottomEnd - 1) & mask]! >= low
    )
      this.#bottomEnd--
    this.#tops[this.#topEnd & mask] = high
    this.#topAt[this.#topEnd++ & mask] = at
    this.#bottoms[this.#bottomEnd & mask] = low
    this.#bottomAt[this.#bottomEnd++ & mask] = at
  }
}
