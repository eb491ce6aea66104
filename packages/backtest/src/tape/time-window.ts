import type { TimeRange } from './tape-chunk.ts'

/**
 * Cuts rows to a time range. Times of a source may fall by a little, so a row belongs to where the
 * latest time up to it stands: what is cut is one piece of the source's order, and consecutive ranges
 * give every row exactly once.
 */
export class TimeWindow {
  readonly #from: number
  readonly #to: number
  #reached = -Infinity

  constructor(range: TimeRange | undefined) {
    this.#from = range?.from ?? -Infinity
    this.#to = range?.to ?? Infinity
  }

  /** True when everything from here on lies behind the range. */
  get isOver(): boolean {
    return this.#reached >= this.#to
  }

  /** True when rows with these latest times lie before the range as a whole; they count as passed. */
  skips(latest: number): boolean {
    if (Math.max(this.#reached, latest) >= this.#from) return false
    this.pass(latest)
    return true
  }

  /** True when rows whose earliest time this is lie behind the range, and with them all that follow. */
  endsBefore(earliest: number): boolean {
    if (earliest >= this.#to) this.pass(earliest)
    return this.isOver
  }

  pass(latest: number): void {
    if (latest > this.#reached) this.#reached = latest
  }

  /** Rows `first <= i < end` of the next `count` are inside. */
  cut(time: ArrayLike<number>, count: number): { readonly first: number; readonly end: number } {
    let first = 0
    while (first < count && this.#take(time[first]!) < this.#from) first++
    if (first === count) return { first, end: first }
    if (this.#to === Infinity) return { first, end: count }
    let end = first
    while (end < count && this.#take(time[end]!) < this.#to) end++
    return { first, end }
  }

  #take(time: number): number {
    if (time > this.#reached) this.#reached = time
    return this.#reached
  }
}
