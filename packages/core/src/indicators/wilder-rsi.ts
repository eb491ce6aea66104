import type { Json } from '../decider.ts'

type Saved = { changes: number; gain: number; loss: number; close: number | null }

/**
 * Relative strength index after Wilder, 0-100: mean gain against mean loss of closes, seeded with plain
 * means of the first `period` changes. 100 when there was no loss at all; null while nothing moved.
 */
export class WilderRsi {
  readonly #period: number
  #changes = 0
  #gain = 0
  #loss = 0
  #close: number | null = null

  constructor(period: number) {
    this.#period = period
  }

  /** Null until `period` changes were seen, and while they are all zero. */
  get value(): number | null {
    if (this.#changes < this.#period || (this.#gain === 0 && this.#loss === 0)) return null
    return this.#loss === 0 ? 100 : 100 - 100 / (1 + this.#gain / this.#loss)
  }

  /** Adds the close of a bar and returns the value after it. */
  update(close: number): number | null {
    const before = this.#close
    this.#close = close
    if (before === null) return null
    const gain = Math.max(0, close - before)
    const loss = Math.max(0, before - close)
    if (this.#changes < this.#period) this.#addToSeed(gain, loss)
    else {
      this.#gain = (this.#gain * (this.#period - 1) + gain) / this.#period
      this.#loss = (this.#loss * (this.#period - 1) + loss) / this.#period
    }
    return this.value
  }

  #addToSeed(gain: number, loss: number): void {
    this.#gain += gain
    this.#loss += loss
    this.#changes++
    if (this.#changes < this.#period) return
    this.#gain /= this.#period
    this.#loss /= this.#period
  }

  snapshot(): Json {
    return { changes: this.#changes, gain: this.#gain, loss: this.#loss, close: this.#close }
  }

  restore(json: Json): void {
    const saved = json as Saved
    this.#changes = saved.changes
    this.#gain = saved.gain
    this.#loss = saved.loss
    this.#close = saved.close
  }
}
