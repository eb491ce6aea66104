import type { Json } from '../decider.ts'
import type { GridCells } from './grid-cells.ts'

/** The delta windows (S3 §5.1). */
export const DELTA_WINDOWS = { '5s': 5_000, '15s': 15_000, '1m': 60_000, '5m': 300_000 } as const
export type DeltaWindowName = keyof typeof DELTA_WINDOWS
export const DELTA_WINDOW_NAMES = Object.keys(DELTA_WINDOWS) as readonly DeltaWindowName[]

/**
 * Buy and sell volume over the last `windowMs` before a grid point: all trades strictly before the point,
 * none older than the window. Each cell is added once and taken away once; sums are whole lots, so exact.
 */
export class DeltaWindow {
  readonly #windowMs: number
  /** First cell inside, and the first that was not yet looked at. */
  #tail = 0
  #next = 0
  buy = 0
  sell = 0
  /** Sum of price x quantity, in ticks x lots. */
  notional = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  get tail(): number {
    return this.#tail
  }

  get delta(): number {
    return this.buy - this.sell
  }

  get volume(): number {
    return this.buy + this.sell
  }

  /** -1 (all sells) to 1 (all buys); 0 when empty. */
  get ratio(): number {
    const volume = this.buy + this.sell
    return volume === 0 ? 0 : (this.buy - this.sell) / volume
  }

  /** Moves the window to the grid point `at`, which never falls, taking in the cells before `head`. */
  advance(cells: GridCells, at: number, head: number): void {
    for (; this.#next < head; this.#next++) {
      const slot = cells.slot(this.#next)
      this.buy += cells.buy[slot]!
      this.sell += cells.sell[slot]!
      this.notional += cells.notional[slot]!
    }
    const oldest = at - this.#windowMs
    for (; this.#tail < this.#next; this.#tail++) {
      const slot = cells.slot(this.#tail)
      if (cells.start[slot]! >= oldest) return
      this.buy -= cells.buy[slot]!
      this.sell -= cells.sell[slot]!
      this.notional -= cells.notional[slot]!
    }
  }

  /** Relative to the first cell that the snapshot of the cells holds. */
  snapshot(base: number): Json {
    return [this.#tail - base, this.#next - base, this.buy, this.sell, this.notional]
  }

  restore(json: Json): void {
    const [tail, next, buy, sell, notional] = json as [number, number, number, number, number]
    this.#tail = tail
    this.#next = next
    this.buy = buy
    this.sell = sell
    this.notional = notional
  }
}
