import type { GridCells } from './grid-cells.ts'

/** Highest or lowest price of a moving range of cells: a monotonic queue of the cells that can still matter. */
export class RollingExtreme {
  readonly #column: Float64Array
  readonly #cells: GridCells
  readonly #sign: 1 | -1
  readonly #queue: Float64Array
  readonly #mask: number
  #first = 0
  #end = 0

  constructor(cells: GridCells, of: 'high' | 'low') {
    this.#cells = cells
    this.#column = cells[of]
    this.#sign = of === 'high' ? 1 : -1
    this.#queue = new Float64Array(cells.capacity)
    this.#mask = cells.capacity - 1
  }

  /** Price of the extreme cell. Only meaningful while the range is not empty. */
  get value(): number {
    return this.#column[this.#cells.slot(this.#queue[this.#first & this.#mask]!)]!
  }

  clear(): void {
    this.#first = 0
    this.#end = 0
  }

  /** Lets the cell `sequence` in at the young end. */
  enter(sequence: number): void {
    const value = this.#column[this.#cells.slot(sequence)]! * this.#sign
    while (this.#end > this.#first) {
      const last = this.#queue[(this.#end - 1) & this.#mask]!
      if (this.#column[this.#cells.slot(last)]! * this.#sign > value) break
      this.#end--
    }
    this.#queue[this.#end++ & this.#mask] = sequence
  }

  /** Drops the cells before `tail`. */
  leave(tail: number): void {
    while (this.#first < this.#end && this.#queue[this.#first & this.#mask]! < tail) this.#first++
  }
}
