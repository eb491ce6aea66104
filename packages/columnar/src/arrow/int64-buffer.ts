import { makeData, type Data, type Int64 } from 'apache-arrow'
import { arrowType } from './arrow-schema.ts'
import { Validity, grown, type ColumnBuffer } from './column-memory.ts'

const TWO_32 = 4_294_967_296

/** Whole numbers up to ±(2^53 - 1), written as two words: a BigInt a value would cost ten times as much. */
export class Int64Buffer implements ColumnBuffer {
  readonly #type: 'int64' | 'timestamp_ms'
  #words = new Int32Array(0)
  readonly #validity = new Validity()
  #rows = 0

  constructor(type: 'int64' | 'timestamp_ms') {
    this.#type = type
  }

  get bytes(): number {
    return this.#rows * 8
  }

  get rows(): number {
    return this.#rows
  }

  push(value: number | null): void {
    const at = this.#rows++
    if (value === null) this.#validity.setNull(at)
    const known = value ?? 0
    if (!Number.isSafeInteger(known))
      throw new RangeError(`${known} in a column of whole numbers, expected at most 2^53 - 1`)
    this.#words = grown(this.#words, 2 * at + 2)
    this.#words[2 * at] = known
    this.#words[2 * at + 1] = Math.floor(known / TWO_32)
  }

  /** The numbers `first`, `first + 1` and so on. */
  pushRange(first: number, count: number): void {
    const words = this.#room(count)
    for (let i = 0, at = 2 * this.#rows; i < count; i++, at += 2) {
      words[at] = first + i
      words[at + 1] = Math.floor((first + i) / TWO_32)
    }
    this.#rows += count
  }

  /** Rows `from <= i < to` of `values`, which the caller knows to be whole numbers. */
  pushAll(values: Float64Array, from: number, to: number): void {
    const words = this.#room(to - from)
    let at = 2 * this.#rows
    for (let i = from; i < to; i++) {
      const value = values[i]!
      words[at] = value
      words[at + 1] = Math.floor(value / TWO_32)
      at += 2
    }
    this.#rows += to - from
  }

  clear(): void {
    this.#rows = 0
    this.#validity.clear()
  }

  data(): Data {
    return makeData({
      type: arrowType(this.#type) as Int64,
      length: this.#rows,
      ...this.#validity.parts(this.#rows),
      data: new BigInt64Array(this.#words.buffer, 0, this.#rows),
    })
  }

  #room(rows: number): Int32Array {
    this.#words = grown(this.#words, 2 * (this.#rows + rows))
    return this.#words
  }
}
