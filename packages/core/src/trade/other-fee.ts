import type { OtherFees } from '@tapedeck/contracts'
import { ZERO, dec, toDecimalString, type Dec } from '../decimal/index.ts'

/** A fee that was paid in another asset than the quote's. `value`: quote asset; null where no price is known. */
export type OtherFee = {
  readonly asset: string
  readonly amount: string
  readonly value: string | null
}

/** As venues round amounts of money. */
const VALUE_PLACES = 8

/** `price`: quote asset for one of the asset; null where nobody has said. */
export const valueFee = (asset: string, amount: string, price: Dec | null): OtherFee => {
  const value = price?.times(dec(amount)).toDecimalPlaces(VALUE_PLACES)
  return { asset, amount, value: value === undefined ? null : toDecimalString(value) }
}

const plus = (sum: string | null, more: string | null): string | null =>
  more === null ? sum : toDecimalString(dec(sum ?? '0').plus(more))

/** Fees by asset, after one more. What has no value is never taken for nothing: it is counted apart. */
export const addOtherFee = (
  sums: readonly OtherFees[],
  { asset, amount, value }: OtherFee,
): OtherFees[] => {
  const before = sums.find((one) => one.asset === asset)
  const after: OtherFees = {
    asset,
    amount: plus(before?.amount ?? '0', amount)!,
    quote_value: plus(before?.quote_value ?? null, value),
    unvalued: plus(before?.unvalued ?? '0', value === null ? amount : null)!,
  }
  return before === undefined ? [...sums, after] : sums.map((one) => (one === before ? after : one))
}

/** What was paid in an asset in all. */
export const paidIn = (sums: readonly OtherFees[], asset: string): Dec => {
  const amount = sums.find((one) => one.asset === asset)?.amount
  return amount === undefined ? ZERO : dec(amount)
}
