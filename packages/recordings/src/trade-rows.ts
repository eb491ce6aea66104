import type { TradeColumns } from './trade-columns.ts'
import { recordingInvalid } from './recording-error.ts'

/** Rows held back so that a row which comes late finds its place. */
const REORDER_ROWS = 10_000
const CAPACITY = 2 * REORDER_ROWS
const TIME_FALL_MAX_MS = 60_000

/**
 * Gathers rows of an archive and brings them into the order of their ids, within a bounded window. Most
 * files are in order, and then nothing is sorted; some months of the archives are interleaved. A row from
 * further back is an error.
 *
 * A parser writes row `count` of the columns and calls `took`.
 */
export class TradeRows {
  id = new Float64Array(CAPACITY)
  priceTicks = new Float64Array(CAPACITY)
  quantityLots = new Float64Array(CAPACITY)
  time = new Float64Array(CAPACITY)
  maker = new Uint8Array(CAPACITY)
  /** The line of each row. */
  line = new Float64Array(CAPACITY)
  count = 0
  #inOrder = true
  #lastId = -1
  #latest = 0

  /** The row at `count` was written. */
  took(line: number): void {
    const at = this.count++
    this.line[at] = line
    if (at > 0 && this.id[at]! < this.id[at - 1]!) this.#inOrder = false
  }

  get isFull(): boolean {
    return this.count === CAPACITY
  }

  /**
   * Rows that nothing in the window can precede any more, all of them when `end`; and what is wrong with
   * the first that is not among them. `drop` them before more are written.
   */
  take(file: string, end: boolean): { rows: TradeColumns; problem: Error | null } {
    const count = end ? this.count : this.count - REORDER_ROWS
    if (!this.#inOrder) this.#sort()
    let good = 0
    let problem: Error | null = null
    for (; good < count && problem === null; good++) problem = this.#orderProblem(good, file)
    if (problem !== null) good--
    const { id, priceTicks, quantityLots, time, maker } = this
    return { rows: { count: good, id, priceTicks, quantityLots, time, maker }, problem }
  }

  /** Forgets the first `count` rows. */
  drop(count: number): void {
    for (const column of this.#columns()) column.copyWithin(0, count, this.count)
    this.count -= count
  }

  #columns(): (Float64Array | Uint8Array)[] {
    return [this.id, this.priceTicks, this.quantityLots, this.time, this.maker, this.line]
  }

  #sort(): void {
    const { id, line, count } = this
    const places = Uint32Array.from({ length: count }, (_, i) => i).toSorted(
      (a, b) => id[a]! - id[b]! || line[a]! - line[b]!,
    )
    for (const column of this.#columns()) {
      const before = column.slice(0, count)
      for (let i = 0; i < count; i++) column[i] = before[places[i]!]!
    }
    this.#inOrder = true
  }

  #orderProblem(row: number, file: string): Error | null {
    const id = this.id[row]!
    const time = this.time[row]!
    if (id >= this.#lastId && time >= this.#latest - TIME_FALL_MAX_MS) {
      this.#lastId = id
      if (time > this.#latest) this.#latest = time
      return null
    }
    const place = { file, line: this.line[row]! }
    return id < this.#lastId
      ? recordingInvalid(
          place,
          `id ${id} comes more than ${REORDER_ROWS} rows after ${this.#lastId}, expected rows in order; sort the file by id`,
          { column: 'id', value: id },
        )
      : recordingInvalid(
          place,
          `time ${time} is ${this.#latest - time} ms before that of an earlier id, expected time to rise with the ids`,
          { column: 'time', value: time },
        )
  }
}
