import type { Data } from 'apache-arrow'

/** Rows of one column, gathered for a record batch. Memory is used again for the next one. */
export interface ColumnBuffer {
  /** Bytes that the rows take up to now. */
  readonly bytes: number
  clear(): void
  data(): Data
}

type Memory = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

/** The same contents in an array of at least `length`: itself, or one of twice what is needed. */
export const grown = <T extends Memory>(memory: T, length: number): T => {
  if (length <= memory.length) return memory
  const larger = new (memory.constructor as new (length: number) => T)(2 * length)
  larger.set(memory)
  return larger
}

/** Rows that have no value, as Arrow's validity bitmap. Empty until the first one comes. */
export class Validity {
  #bits = new Uint8Array(0)
  #nulls = 0

  setNull(row: number): void {
    const known = this.#bits.length
    this.#bits = grown(this.#bits, (row >> 3) + 1)
    if (this.#bits.length > known) this.#bits.fill(255, known)
    this.#bits[row >> 3]! &= ~(1 << (row & 7))
    this.#nulls++
  }

  clear(): void {
    if (this.#nulls > 0) this.#bits.fill(255)
    this.#nulls = 0
  }

  parts(rows: number): { nullCount: number; nullBitmap?: Uint8Array } {
    if (this.#nulls === 0) return { nullCount: 0 }
    const known = this.#bits.length
    this.#bits = grown(this.#bits, Math.ceil(rows / 8))
    if (this.#bits.length > known) this.#bits.fill(255, known)
    return { nullCount: this.#nulls, nullBitmap: this.#bits }
  }
}
