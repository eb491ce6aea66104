import { Bool, Float64, Utf8, makeData, type Data, type Int64, type List } from 'apache-arrow'
import { arrowType } from './arrow-schema.ts'

const TWO_32 = 4_294_967_296

/** Rows that have no value, as Arrow's validity bitmap. Made when the first one comes. */
class Validity {
  #bits: Uint8Array | null = null
  #nulls = 0
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  setNull(row: number): void {
    this.#bits ??= new Uint8Array(Math.ceil(this.#capacity / 8)).fill(255)
    this.#bits[row >> 3]! &= ~(1 << (row & 7))
    this.#nulls++
  }

  clear(): void {
    if (this.#nulls > 0) this.#bits!.fill(255)
    this.#nulls = 0
  }

  parts(): { nullCount: number; nullBitmap?: Uint8Array } {
    return this.#nulls === 0
      ? { nullCount: 0 }
      : { nullCount: this.#nulls, nullBitmap: this.#bits! }
  }
}

/** Rows of one column, gathered for a record batch. Typed arrays are used again for the next one. */
export interface ColumnBuffer {
  /** Bytes that the rows take up to now. */
  readonly bytes: number
  clear(): void
  data(): Data
}

/** Whole numbers up to ±(2^53 - 1), written as two words: a BigInt a value would cost ten times as much. */
export class Int64Buffer implements ColumnBuffer {
  readonly #type: 'int64' | 'timestamp_ms'
  #words: Int32Array
  readonly #validity: Validity
  #rows = 0

  constructor(type: 'int64' | 'timestamp_ms', capacity: number) {
    this.#type = type
    this.#words = new Int32Array(2 * capacity)
    this.#validity = new Validity(capacity)
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
    this.#words[2 * at] = known
    this.#words[2 * at + 1] = Math.floor(known / TWO_32)
  }

  /** Rows `from <= i < to` of `values`. */
  pushAll(values: Float64Array, from: number, to: number): void {
    const words = this.#words
    let at = 2 * this.#rows
    for (let i = from; i < to; i++) {
      const value = values[i]!
      words[at] = value
      words[at + 1] = Math.floor(value / TWO_32)
      at += 2
    }
    this.#rows += to - from
  }

  /** As `pushAll`, for the items of lists: grows as needed. */
  pushItems(values: readonly number[]): void {
    const needed = 2 * (this.#rows + values.length)
    if (needed > this.#words.length) {
      const grown = new Int32Array(2 * needed)
      grown.set(this.#words.subarray(0, 2 * this.#rows))
      this.#words = grown
    }
    for (const value of values) this.push(value)
  }

  clear(): void {
    this.#rows = 0
    this.#validity.clear()
  }

  data(): Data {
    return makeData({
      type: arrowType(this.#type) as Int64,
      length: this.#rows,
      ...this.#validity.parts(),
      data: new BigInt64Array(this.#words.buffer, 0, this.#rows),
    })
  }
}

export class Float64Buffer implements ColumnBuffer {
  readonly #values: Float64Array
  readonly #validity: Validity
  #rows = 0

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity)
    this.#validity = new Validity(capacity)
  }

  get bytes(): number {
    return this.#rows * 8
  }

  push(value: number | null): void {
    const at = this.#rows++
    if (value === null) this.#validity.setNull(at)
    this.#values[at] = value ?? 0
  }

  clear(): void {
    this.#rows = 0
    this.#validity.clear()
  }

  data(): Data {
    return makeData({
      type: new Float64(),
      length: this.#rows,
      ...this.#validity.parts(),
      data: this.#values.subarray(0, this.#rows),
    })
  }
}

export class BoolBuffer implements ColumnBuffer {
  readonly #bits: Uint8Array
  #rows = 0

  constructor(capacity: number) {
    this.#bits = new Uint8Array(Math.ceil(capacity / 8))
  }

  get bytes(): number {
    return this.#rows >> 3
  }

  push(value: boolean): void {
    const at = this.#rows++
    if (value) this.#bits[at >> 3]! |= 1 << (at & 7)
  }

  /** Rows `from <= i < to` of `values`, 0 or 1 each; all false for null. */
  pushAll(values: Uint8Array | null, from: number, to: number): void {
    if (values !== null)
      for (let i = from, at = this.#rows; i < to; i++, at++)
        this.#bits[at >> 3]! |= values[i]! << (at & 7)
    this.#rows += to - from
  }

  clear(): void {
    this.#rows = 0
    this.#bits.fill(0)
  }

  data(): Data {
    return makeData({
      type: new Bool(),
      length: this.#rows,
      nullCount: 0,
      data: this.#bits,
    })
  }
}

export class TextBuffer implements ColumnBuffer {
  readonly #offsets: Int32Array
  #utf8 = Buffer.alloc(1024)
  #rows = 0

  constructor(capacity: number) {
    this.#offsets = new Int32Array(capacity + 1)
  }

  get bytes(): number {
    return this.#offsets[this.#rows]! + this.#rows * 4
  }

  push(value: string): void {
    const at = this.#offsets[this.#rows]!
    const size = Buffer.byteLength(value)
    if (at + size > this.#utf8.length) {
      const grown = Buffer.alloc(2 * (at + size))
      this.#utf8.copy(grown, 0, 0, at)
      this.#utf8 = grown
    }
    this.#utf8.write(value, at)
    this.#offsets[++this.#rows] = at + size
  }

  clear(): void {
    this.#rows = 0
  }

  data(): Data {
    return makeData({
      type: new Utf8(),
      length: this.#rows,
      nullCount: 0,
      valueOffsets: this.#offsets.subarray(0, this.#rows + 1),
      data: this.#utf8.subarray(0, this.#offsets[this.#rows]),
    })
  }
}

/** Lists of whole numbers. */
export class Int64ListBuffer implements ColumnBuffer {
  readonly #offsets: Int32Array
  readonly #items: Int64Buffer
  #rows = 0

  constructor(capacity: number) {
    this.#offsets = new Int32Array(capacity + 1)
    this.#items = new Int64Buffer('int64', capacity)
  }

  get bytes(): number {
    return this.#items.bytes + this.#rows * 4
  }

  push(values: readonly number[]): void {
    this.#items.pushItems(values)
    this.#offsets[++this.#rows] = this.#items.rows
  }

  clear(): void {
    this.#rows = 0
    this.#items.clear()
  }

  data(): Data {
    return makeData({
      type: arrowType('int64_list') as List,
      length: this.#rows,
      nullCount: 0,
      valueOffsets: this.#offsets.subarray(0, this.#rows + 1),
      child: this.#items.data(),
    })
  }
}
