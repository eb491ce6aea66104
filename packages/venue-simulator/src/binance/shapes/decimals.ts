import type { ExchangeInstrument } from '../../exchange/index.ts'

/** Decimals that prices and quantities of a symbol are written with, as `exchangeInfo` says them. */
export type Places = { readonly price: number; readonly quantity: number }

/** Decimals of money, marks and rates. */
const MONEY_PLACES = 8

/** Those of each symbol. */
export type PlacesIn = (symbol: string) => Places

export const placesOf = ({
  pricePrecision,
  quantityPrecision,
}: Pick<ExchangeInstrument, 'pricePrecision' | 'quantityPrecision'>): Places => ({
  price: pricePrecision,
  quantity: quantityPrecision,
})

/** A decimal with at least so many decimals: 60000 with two is 60000.00. What it has more stays. */
export const padded = (value: string, places: number): string => {
  const point = value.indexOf('.')
  const has = point < 0 ? 0 : value.length - point - 1
  if (has >= places) return value
  return `${value}${point < 0 ? '.' : ''}${'0'.repeat(places - has)}`
}

/** Price times quantity. */
export const quoted = (value: string, { price, quantity }: Places): string =>
  padded(value, price + quantity)

/** An average price: as finely as a quote amount, but for none. */
export const averaged = (value: string, places: Places): string =>
  value === '0' ? padded(value, places.price) : quoted(value, places)

/** Money, marks and rates. */
export const money = (value: string): string => padded(value, MONEY_PLACES)
