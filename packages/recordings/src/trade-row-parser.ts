import type { Step } from '@tapedeck/core'
import type { InstrumentGrid } from '@tapedeck/venue'
import type { TradeLayout } from './csv-layout.ts'
import { readRow } from './read-trade-row.ts'
import type { TradeRows } from './trade-rows.ts'

const [NEWLINE, RETURN, COMMA, POINT, ZERO] = [10, 13, 44, 46, 48]
/** As many digits are a whole number of float64 whatever they are. */
const DIGITS_MAX = 15
const TIME_DIGITS_MAX = 16
/** From here on a time is in µs. */
const MICROS_MIN = 100_000_000_000_000

/** What a column is to us. */
const [SKIP, ID, PRICE, QUANTITY, TIME, MAKER] = [0, 1, 2, 3, 4, 5]

const rolesOf = (layout: TradeLayout): Uint8Array => {
  const roles = new Uint8Array(layout.columns).fill(SKIP)
  roles[layout.id] = ID
  roles[layout.price] = PRICE
  roles[layout.quantity] = QUANTITY
  roles[layout.time] = TIME
  roles[layout.maker] = MAKER
  return roles
}

const isText = (bytes: Buffer, at: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/**
 * Reads rows off the bytes of a file, without a string or an object a row. It knows the usual shape of
 * each cell and nothing else: whatever looks different is read again as text by `readRow`, which accepts
 * it or says what is wrong. So both give the same rows and the same errors.
 */
export class TradeRowParser {
  readonly #layout: TradeLayout
  readonly #grid: InstrumentGrid
  readonly #roles: Uint8Array
  /** The number read by the last call, and where its cell ends. */
  #value = 0
  #end = 0

  constructor(layout: TradeLayout, grid: InstrumentGrid) {
    this.#layout = layout
    this.#grid = grid
    this.#roles = rolesOf(layout)
  }

  /**
   * Reads the row at `at` of `bytes`, whose line ends before `bytes` does, into `rows`; returns where the
   * next begins. Throws RECORDING_INVALID without a place.
   */
  read(bytes: Buffer, at: number, rows: TradeRows, line: number): number {
    const next = this.#readUsual(bytes, at, rows)
    if (next > 0) {
      rows.took(line)
      return next
    }
    const end = lineEnd(bytes, at)
    this.readText(lineText(bytes, at, end), rows, line)
    return end + 1
  }

  /** Reads a row from its text; an empty line is none. */
  readText(text: string, rows: TradeRows, line: number): void {
    if (text === '') return
    const print = readRow(text, this.#layout, this.#grid)
    const at = rows.count
    rows.id[at] = print.id
    rows.priceTicks[at] = print.priceTicks
    rows.quantityLots[at] = print.quantityLots
    rows.time[at] = print.time
    rows.maker[at] = print.maker
    rows.took(line)
  }

  /** Where the next row begins; 0 when this one is not of the usual shape. */
  #readUsual(bytes: Buffer, from: number, rows: TradeRows): number {
    const roles = this.#roles
    const { tick, lot } = this.#grid
    const row = rows.count
    const last = roles.length - 1
    let at = from
    for (let column = 0; column <= last; column++) {
      switch (roles[column]!) {
        case ID:
          if (!this.#whole(bytes, at, DIGITS_MAX)) return 0
          rows.id[row] = this.#value
          break
        case PRICE:
          if (!this.#steps(bytes, at, tick)) return 0
          rows.priceTicks[row] = this.#value
          break
        case QUANTITY:
          if (!this.#steps(bytes, at, lot)) return 0
          rows.quantityLots[row] = this.#value
          break
        case TIME:
          if (!this.#whole(bytes, at, TIME_DIGITS_MAX)) return 0
          rows.time[row] = this.#value >= MICROS_MIN ? Math.floor(this.#value / 1000) : this.#value
          break
        case MAKER:
          if (!this.#flag(bytes, at)) return 0
          rows.maker[row] = this.#value
          break
        default:
          this.#skip(bytes, at)
      }
      at = this.#end
      if (column === last) break
      if (bytes[at] !== COMMA) return 0
      at++
    }
    if (bytes[at] === RETURN) at++
    return bytes[at] === NEWLINE ? at + 1 : 0
  }

  #whole(bytes: Buffer, from: number, digitsMax: number): boolean {
    let value = 0
    let at = from
    for (;;) {
      const digit = bytes[at]! - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
      at++
    }
    this.#value = value
    this.#end = at
    return at > from && at - from <= digitsMax && value <= Number.MAX_SAFE_INTEGER
  }

  #steps(bytes: Buffer, from: number, step: Step): boolean {
    const { scale, mantissa } = step
    let value = 0
    let at = from
    let point = -1
    for (;;) {
      const code = bytes[at]!
      const digit = code - ZERO
      if (digit >= 0 && digit <= 9) {
        if (point < 0 || at - point <= scale) value = value * 10 + digit
        else if (digit !== 0) return false
      } else if (code === POINT && point < 0) point = at
      else break
      at++
    }
    const decimals = point < 0 ? 0 : at - point - 1
    if (at - from - (point < 0 ? 0 : 1) === 0 || at - from > DIGITS_MAX) return false
    for (let i = decimals; i < scale; i++) value *= 10
    this.#end = at
    if (mantissa === 1) {
      this.#value = value
      return value <= Number.MAX_SAFE_INTEGER
    }
    this.#value = value / mantissa
    return value <= Number.MAX_SAFE_INTEGER && value % mantissa === 0
  }

  #flag(bytes: Buffer, at: number): boolean {
    const isTrue = isText(bytes, at, 'true') || isText(bytes, at, 'True')
    const isFalse = !isTrue && (isText(bytes, at, 'false') || isText(bytes, at, 'False'))
    this.#value = isTrue ? 1 : 0
    this.#end = at + (isTrue ? 4 : 5)
    return isTrue || isFalse
  }

  /** To the end of a cell that nobody needs. */
  #skip(bytes: Buffer, from: number): void {
    let at = from
    while (
      at < bytes.length &&
      bytes[at] !== COMMA &&
      bytes[at] !== NEWLINE &&
      bytes[at] !== RETURN
    )
      at++
    this.#end = at
  }
}

/** Where the line at `at` ends: at its newline, or with the bytes. */
export const lineEnd = (bytes: Buffer, at: number): number => {
  const end = bytes.indexOf(NEWLINE, at)
  return end < 0 ? bytes.length : end
}

/** A line as text, without its end. */
export const lineText = (bytes: Buffer, from: number, to: number): string => {
  const end = to > from && bytes[to - 1] === RETURN ? to - 1 : to
  return bytes.toString('utf8', from, end)
}
