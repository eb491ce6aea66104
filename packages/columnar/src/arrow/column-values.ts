import type { Data } from 'apache-arrow'

const TWO_32 = 4_294_967_296

const validityOf = ({ nullCount, nullBitmap }: Data): Uint8Array | null =>
  nullCount > 0 ? nullBitmap : null

const isNull = (validity: Uint8Array | null, row: number): boolean =>
  validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0

/** Words of an int64 buffer: two of 32 bits a value, which become a number without a BigInt. */
const wordsOf = ({ values, length }: Data): Int32Array => {
  const { buffer, byteOffset } = values as BigInt64Array
  return new Int32Array(buffer, byteOffset, 2 * length)
}

/** A column of whole numbers or times. */
export class Int64Values {
  readonly #words: Int32Array
  readonly #validity: Uint8Array | null
  readonly #rows: number

  constructor(data: Data) {
    this.#words = wordsOf(data)
    this.#validity = validityOf(data)
    this.#rows = data.length
  }

  /** The value, where the column has no nulls. */
  at(row: number): number {
    return this.#words[2 * row + 1]! * TWO_32 + (this.#words[2 * row]! >>> 0)
  }

  orNull(row: number): number | null {
    return isNull(this.#validity, row) ? null : this.at(row)
  }

  copyTo(out: Float64Array): void {
    const words = this.#words
    for (let i = 0, at = 0; i < this.#rows; i++, at += 2)
      out[i] = words[at + 1]! * TWO_32 + (words[at]! >>> 0)
  }
}

export class Float64Values {
  readonly #values: Float64Array
  readonly #validity: Uint8Array | null

  constructor(data: Data) {
    this.#values = data.values as Float64Array
    this.#validity = validityOf(data)
  }

  at(row: number): number {
    return this.#values[row]!
  }

  orNull(row: number): number | null {
    return isNull(this.#validity, row) ? null : this.at(row)
  }
}

export class BoolValues {
  readonly #bits: Uint8Array
  readonly #rows: number

  constructor(data: Data) {
    this.#bits = data.values as Uint8Array
    this.#rows = data.length
  }

  at(row: number): boolean {
    return (this.#bits[row >> 3]! & (1 << (row & 7))) !== 0
  }

  /** Whether any row is true. */
  any(): boolean {
    const whole = this.#rows >> 3
    for (let i = 0; i < whole; i++) if (this.#bits[i] !== 0) return true
    return (this.#rows & 7) !== 0 && (this.#bits[whole]! & ((1 << (this.#rows & 7)) - 1)) !== 0
  }

  /** As 0 and 1. */
  copyTo(out: Uint8Array): void {
    const bits = this.#bits
    for (let i = 0; i < this.#rows; i++) out[i] = (bits[i >> 3]! >> (i & 7)) & 1
  }
}

export class TextValues {
  readonly #offsets: Int32Array
  readonly #utf8: Uint8Array

  constructor(data: Data) {
    this.#offsets = data.valueOffsets as Int32Array
    this.#utf8 = data.values as Uint8Array
  }

  at(row: number): string {
    const { buffer, byteOffset } = this.#utf8
    const from = this.#offsets[row]!
    return Buffer.from(buffer, byteOffset + from, this.#offsets[row + 1]! - from).toString('utf8')
  }
}

export class Int64ListValues {
  readonly #offsets: Int32Array
  readonly #items: Int64Values

  constructor(data: Data) {
    this.#offsets = data.valueOffsets as Int32Array
    this.#items = new Int64Values(data.children[0]!)
  }

  at(row: number): number[] {
    const from = this.#offsets[row]!
    const to = this.#offsets[row + 1]!
    const values: number[] = []
    for (let i = from; i < to; i++) values.push(this.#items.at(i))
    return values
  }
}
