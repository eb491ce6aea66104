import { dec, type Dec } from './decimal.ts'

/** Digits after the point that the wire carries at most (contracts' `DecimalString`). */
const WIRE_PLACES = 18
/** Digits after the point of money in messages and ledgers: finer than any quote asset's own. */
const MONEY_PLACES = 8

const rounded = (value: Dec, places: number): string => {
  const text = value.decimalPlaces() <= places ? value : value.toDecimalPlaces(places)
  return text.isZero() ? '0' : text.toString()
}

/** As the wire and the ledgers carry it: no exponent, no trailing zeros, no minus zero. */
export const toDecimalString = (value: Dec | number | string): string =>
  rounded(dec(value), WIRE_PLACES)

/** Money for messages and ledgers: half-even at 8 decimals, e.g. `-12.3456789`. */
export const toMoneyString = (value: Dec | number | string): string =>
  rounded(dec(value), MONEY_PLACES)

/** Money for people: fixed decimals and thousands separated, e.g. `1,234.50`. */
export const formatMoney = (value: Dec | number | string, places = 2): string => {
  const amount = dec(value).toDecimalPlaces(places)
  const [whole = '0', fraction] = amount.abs().toFixed(places).split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  const sign = amount.lt(0) ? '-' : ''
  return fraction === undefined ? sign + grouped : `${sign}${grouped}.${fraction}`
}

/** The nearest float64, for ratios and display. A decision about money stays in decimals. */
export const toNumber = (value: Dec): number => value.toNumber()
