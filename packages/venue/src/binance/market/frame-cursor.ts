import type { Step } from '@tapedeck/core'
import type { InstrumentGrid } from './market-message.ts'

const BLANK = 32
const QUOTE = 34
const COMMA = 44
const DOT = 46
const ZERO = 48
const NINE = 57
const COLON = 58
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const CLOSE = 125

const LAST_UPDATE_ID = '"lastUpdateId"'

const DIGITS_MAX = 15
const MICROSECONDS_FROM = 100_000_000_000_000

/** Thrown where a text is not in the usual shape; caught by the scanner, seen by nobody. One for all. */
export const BAIL = new Error('not in the usual shape')

export type Levels = { ticks: number[]; lots: number[] }

/** A place in the text of a frame, and what can be read there. Every method throws `BAIL` or moves on. */
export class FrameCursor {
  #text = ''
  #at = 0

  set(text: string, at: number): void {
    this.#text = text
    this.#at = at
  }

  /**
   * `"key":` as the code of its letter, both letters of two as `first * 256 + second`, 0 for a longer one: no
   * key of use is longer.
   */
  key(): number {
    const text = this.#text
    const at = this.#at
    if (text.charCodeAt(at) !== QUOTE) throw BAIL
    const first = text.charCodeAt(at + 1)
    const second = text.charCodeAt(at + 2)
    // Escapes, control characters, the end of the text, and a key of no letter.
    if (!(first >= BLANK && second >= BLANK)) throw BAIL
    if (first === BACKSLASH || first === QUOTE || second === BACKSLASH) throw BAIL
    if (second === QUOTE) {
      if (text.charCodeAt(at + 3) !== COLON) throw BAIL
      this.#at = at + 4
      return first
    }
    if (text.charCodeAt(at + 3) === QUOTE && text.charCodeAt(at + 4) === COLON) {
      this.#at = at + 5
      return first * 256 + second
    }
    this.skip()
    if (text.startsWith(LAST_UPDATE_ID, at)) throw BAIL
    this.#take(COLON)
    return 0
  }

  /** After a value: another key, or the end of the frame. */
  goesOn(): boolean {
    const code = this.#text.charCodeAt(this.#at++)
    if (code === COMMA) return true
    const isEnd =
      code === CLOSE &&
      this.#text.charCodeAt(this.#at) === CLOSE &&
      this.#at + 1 === this.#text.length
    if (!isEnd) throw BAIL
    return false
  }

  #take(code: number): void {
    if (this.#text.charCodeAt(this.#at) !== code) throw BAIL
    this.#at++
  }

  expect(value: string, then: number): number {
    this.#take(QUOTE)
    if (!this.#text.startsWith(value, this.#at)) throw BAIL
    this.#at += value.length
    this.#take(QUOTE)
    return then
  }

  flag(): boolean {
    const yes = this.#text.startsWith('true', this.#at)
    if (!yes && !this.#text.startsWith('false', this.#at)) throw BAIL
    this.#at += yes ? 4 : 5
    return yes
  }

  /** A whole number, 0 or more, that a float64 holds. */
  whole(): number {
    const text = this.#text
    const from = this.#at
    let at = from
    let value = 0
    for (;;) {
      const code = text.charCodeAt(at)
      // NaN past the end compares false.
      if (!(code >= ZERO && code <= NINE)) break
      value = value * 10 + (code - ZERO)
      at++
    }
    const digits = at - from
    if (digits === 0 || digits > DIGITS_MAX) throw BAIL
    if (digits > 1 && text.charCodeAt(from) === ZERO) throw BAIL
    this.#at = at
    return value
  }

  time(): number {
    const time = this.whole()
    if (time >= MICROSECONDS_FROM) throw BAIL
    return time
  }

  /** `"1234.50"` as whole steps. */
  decimal({ scale, pow, mantissa }: Step): number {
    const text = this.#text
    this.#take(QUOTE)
    const from = this.#at
    let at = from
    let value = 0
    let decimals = -1
    for (; ; at++) {
      const code = text.charCodeAt(at)
      if (code >= ZERO && code <= NINE) {
        if (decimals < scale) {
          value = value * 10 + (code - ZERO)
          if (decimals >= 0) decimals++
        } else if (code !== ZERO) throw BAIL
      } else if (code === DOT && decimals < 0) decimals = 0
      else if (code === QUOTE) break
      else throw BAIL
    }
    const length = at - from
    if (length === 0 || length > DIGITS_MAX + 4 || text.charCodeAt(at - 1) === DOT) throw BAIL
    if (text.charCodeAt(from) === DOT) throw BAIL
    this.#at = at + 1
    if (decimals < scale) value *= decimals <= 0 ? pow : 10 ** (scale - decimals)
    const steps = value / mantissa
    if (!Number.isSafeInteger(value) || !Number.isInteger(steps)) throw BAIL
    return steps
  }

  /** `[["1.5","2"],…]` */
  levels(grid: InstrumentGrid): Levels {
    const levels: Levels = { ticks: [], lots: [] }
    this.#take(OPEN_LIST)
    if (this.#text.charCodeAt(this.#at) === CLOSE_LIST) {
      this.#at++
      return levels
    }
    for (;;) {
      this.#take(OPEN_LIST)
      levels.ticks.push(this.decimal(grid.tick))
      this.#take(COMMA)
      levels.lots.push(this.decimal(grid.lot))
      this.#take(CLOSE_LIST)
      const code = this.#text.charCodeAt(this.#at++)
      if (code === CLOSE_LIST) return levels
      if (code !== COMMA) throw BAIL
    }
  }

  /** A text, whole number or flag of no use here. */
  skip(): void {
    const code = this.#text.charCodeAt(this.#at)
    if (code !== QUOTE) {
      if (code >= ZERO && code <= NINE) this.whole()
      else this.flag()
      return
    }
    for (;;) {
      const next = this.#text.charCodeAt(++this.#at)
      if (next === QUOTE) break
      // An escape, a control character, or the end.
      if (next === BACKSLASH || !(next >= BLANK)) throw BAIL
    }
    this.#at++
  }
}
