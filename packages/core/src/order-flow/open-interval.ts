import type { Json } from '../decider.ts'
import { BinVolumes, type FootprintLevel } from './bin-volumes.ts'

const INTERVAL_MS = 15_000

export type FoldedInterval = {
  readonly start: number
  readonly levels: readonly FootprintLevel[]
  /** Price range, from the price before the interval on. */
  readonly lowTicks: number
  readonly highTicks: number
}

type Saved = {
  start: number
  open: boolean
  high: number
  low: number
  priceBefore: number | null
  bins: Json
}

/** The 15 s that are trading: their footprint, and the price they began with. */
export class OpenInterval {
  readonly bins: BinVolumes
  #start = -INTERVAL_MS
  #open = false
  #high = 0
  #low = 0
  #priceBefore: number | null = null

  constructor(binTicks: number) {
    this.bins = new BinVolumes(binTicks)
  }

  get start(): number {
    return this.#start
  }

  isDue(at: number): boolean {
    return this.#open && at >= this.#start + INTERVAL_MS
  }

  /** Begins the interval that holds `at` unless it is open. `price`: the last one before it. */
  enter(at: number, price: number | null): void {
    if (this.#open) return
    this.#start = at - (at % INTERVAL_MS)
    this.#open = true
    this.#priceBefore = price
    this.#high = price ?? -Infinity
    this.#low = price ?? Infinity
  }

  widen(high: number, low: number): void {
    if (high > this.#high) this.#high = high
    if (low < this.#low) this.#low = low
  }

  /** Closes the interval and hands out what traded in it. */
  fold(): FoldedInterval {
    const levels = this.bins.levels()
    this.bins.clear()
    this.#open = false
    return { start: this.#start, levels, lowTicks: this.#low, highTicks: this.#high }
  }

  /** The last price before the 15 s that end at `boundary`, when `last` is the last one before `boundary`. */
  priceBefore(boundary: number, last: number | null): number | null {
    return this.#start === boundary - INTERVAL_MS ? this.#priceBefore : last
  }

  snapshot(): Json {
    return {
      start: this.#start,
      open: this.#open,
      high: Number.isFinite(this.#high) ? this.#high : null,
      low: Number.isFinite(this.#low) ? this.#low : null,
      priceBefore: this.#priceBefore,
      bins: this.bins.snapshot(),
    }
  }

  restore(json: Json): void {
    const saved = json as unknown as Omit<Saved, 'high' | 'low'> &
      Record<'high' | 'low', number | null>
    this.#start = saved.start
    this.#open = saved.open
    this.#high = saved.high ?? -Infinity
    this.#low = saved.low ?? Infinity
    this.#priceBefore = saved.priceBefore
    this.bins.restore(saved.bins)
  }
}
