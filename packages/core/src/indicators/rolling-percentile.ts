import type { Json } from '../decider.ts'
import { percentileIndex } from './percentile.ts'

/**
 * Percentiles of the last `capacity` samples. The samples are kept in order of arrival and sorted side by
 * side, so that adding is a binary search and a short move, and asking is one look-up.
 */
export class RollingPercentile {
  readonly #capacity: number
  readonly #arrival: Float64Array
  readonly #sorted: Float64Array
  #count = 0
  #next = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#arrival = new Float64Array(capacity)
    this.#sorted = new Float64Array(capacity)
  }

  get count(): number {
    return this.#count
  }

  add(sample: number): void {
    if (this.#count < this.#capacity) this.#insert(sample)
    else this.#replace(this.#arrival[this.#next]!, sample)
    this.#arrival[this.#next] = sample
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1
  }

  /** The sample at percentile `p` (0-100). Null without samples. */
  at(p: number): number | null {
    return this.#count === 0 ? null : this.#sorted[percentileIndex(this.#count, p)]!
  }

  #insert(sample: number): void {
    const at = this.#firstAtLeast(sample)
    this.#sorted.copyWithin(at + 1, at, this.#count)
    this.#sorted[at] = sample
    this.#count++
  }

  /** Moves only what lies between the sample that goes and the one that comes. */
  #replace(oldest: number, sample: number): void {
    if (oldest === sample) return
    const from = this.#firstAtLeast(oldest)
    const to = this.#firstAtLeast(sample)
    if (from < to) {
      this.#sorted.copyWithin(from, from + 1, to)
      this.#sorted[to - 1] = sample
    } else {
      this.#sorted.copyWithin(to + 1, to, from)
      this.#sorted[to] = sample
    }
  }

  /** Where the sorted samples stop being smaller than `sample`. */
  #firstAtLeast(sample: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sorted[middle]! < sample) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The samples, oldest first. */
  snapshot(): Json {
    const from = this.#count === this.#capacity ? this.#next : 0
    return Array.from(
      { length: this.#count },
      (_, i) => this.#arrival[(from + i) % this.#capacity]!,
    )
  }

  restore(json: Json): void {
    this.#count = 0
    this.#next = 0
    for (const sample of json as number[]) this.add(sample)
  }
}
