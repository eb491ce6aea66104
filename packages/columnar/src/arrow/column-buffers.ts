import { Bool, Float64, Utf8, makeData, type Data, type List } from 'apache-arrow'
import { arrowType } from './arrow-schema.ts'
import { Validity, grown, type ColumnBuffer } from './column-memory.ts'
import { Int64Buffer } from './int64-buffer.ts'

const ENCODER = new TextEncoder()

export class Float64Buffer implements ColumnBuffer {
  #values = new Float64Array(0)
  readonly #validity = new Validity()
  #rows = 0

  get bytes(): number {
    return this.#rows * 8
  }

  push(value: number | null): void {
    const at = this.#rows++
    if (value === null) this.#validity.setNull(at)
    if (!Number.isFinite(value ?? 0)) throw new RangeError(`${value} in a column of numbers`)
    this.#values = grown(this.#values, at + 1)
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
      ...this.#validity.parts(this.#rows),
      data: this.#values.subarray(0, this.#rows),
    })
  }
}

export class BoolBuffer implements ColumnBuffer {
  #bits = new Uint8Array(0)
  #rows = 0

  get bytes(): number {
    return this.#rows >> 3
  }

  push(value: boolean): void {
    const at = this.#rows++
    this.#bits = grown(this.#bits, (at >> 3) + 1)
    if (value) this.#bits[at >> 3]! |= 1 << (at & 7)
  }

  /** Rows `from <= i < to` of `values`, 0 or 1 each; all false for null. */
  pushAll(values: Uint8Array | null, from: number, to: number): void {
    this.#bits = grown(this.#bits, Math.ceil((this.#rows + to - from) / 8))
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
  #offsets = new Int32Array(1)
  #utf8 = new Uint8Array(0)
  #rows = 0

  get bytes(): number {
    return this.#offsets[this.#rows]! + this.#rows * 4
  }

  push(value: string): void {
    const at = this.#offsets[this.#rows]!
    const size = Buffer.byteLength(value)
    this.#utf8 = grown(this.#utf8, at + size)
    ENCODER.encodeInto(value, this.#utf8.subarray(at))
    this.#offsets = grown(this.#offsets, this.#rows + 2)
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
  #offsets = new Int32Array(1)
  readonly #items = new Int64Buffer('int64')
  #rows = 0

  get bytes(): number {
    return this.#items.bytes + this.#rows * 4
  }

  push(values: readonly number[]): void {
    for (const value of values) this.#items.push(value)
    this.#offsets = grown(this.#offsets, this.#rows + 2)
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
