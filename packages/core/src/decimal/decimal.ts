import { Decimal } from 'decimal.js'

/**
 * Our own constructor, so that nobody else's settings can change a result: 40 significant digits,
 * half-even (no drift over many roundings), and never exponent notation in text.
 */
const Exact = Decimal.clone({
  precision: 40,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
})

/** An exact decimal: immutable, with `plus`, `minus`, `times`, `div`, `lt`, `cmp`, `abs`, `neg`. */
export type Dec = Decimal

const PLAIN = /^-?\d+(\.\d+)?$/

/**
 * A value as an exact decimal. Text must be a plain decimal (no exponent, no blanks); a number counts
 * as its shortest text, so `dec(0.1)` is exactly 0.1. Throws a RangeError on anything else.
 */
export const dec = (value: string | number | Dec): Dec => {
  // Immutable and made by us: it is its own copy.
  if (typeof value === 'object' && value.constructor === Exact && value.isFinite()) return value
  const plain = typeof value === 'string' ? PLAIN.test(value) : true
  const exact = plain ? new Exact(value) : null
  if (exact === null || !exact.isFinite())
    throw new RangeError(`decimal ${String(value)}: expected a plain finite decimal such as -12.5`)
  return exact
}

export const ZERO: Dec = dec(0)

/** The exact sum, in the order given; 0 of nothing. */
export const sum = (values: Iterable<string | number | Dec>): Dec => {
  let total = ZERO
  for (const value of values) total = total.plus(dec(value))
  return total
}

export const minimum = (a: Dec, b: Dec): Dec => (b.lt(a) ? b : a)
export const maximum = (a: Dec, b: Dec): Dec => (b.gt(a) ? b : a)
