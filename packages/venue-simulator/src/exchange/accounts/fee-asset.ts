import { ZERO, dec, type Dec } from '@tapedeck/core'

/**
 * What an account pays commissions with instead of the margin asset, e.g. BNB. It is no collateral. Mutable:
 * it belongs to one account.
 */
export type FeeAsset = {
  readonly asset: string
  /** Of one of it, in the margin asset. */
  readonly price: Dec
  readonly deposited: Dec
  balance: Dec
  paid: Dec
  /** False: commissions are paid in the margin asset all the same. */
  burns: boolean
}

/** As it is asked for. Decimals. */
export type OpenFeeAsset = {
  readonly asset: string
  readonly balance: string
  readonly price: string
}

/** Who pays so pays a tenth less (Binance, "Fee Schedule of Binance Futures"). */
const SHARE = dec('0.9')
const PLACES = 8
const DECIMAL = /^\d{1,15}(\.\d{1,8})?$/
const NAME = /^[A-Z0-9]{2,12}$/

/** Throws a RangeError on a name, balance or price that cannot be one. */
export const checkFeeAsset = (
  { asset, balance, price }: OpenFeeAsset,
  marginAsset: string,
): void => {
  if (!NAME.test(asset) || asset === marginAsset)
    throw new RangeError(`fee asset ${asset}: expected a name such as BNB, not ${marginAsset}`)
  if (!DECIMAL.test(balance))
    throw new RangeError(`balance of ${asset} is ${balance}: expected a decimal from 0`)
  if (!DECIMAL.test(price) || !dec(price).gt(0))
    throw new RangeError(`price of ${asset} is ${price}: expected a decimal above 0`)
}

export const openFeeAsset = ({ asset, balance, price }: OpenFeeAsset): FeeAsset => {
  const deposited = dec(balance)
  return { asset, price: dec(price), deposited, balance: deposited, paid: ZERO, burns: true }
}

/** A commission as it is paid. */
export type Commission = {
  readonly asset: string
  readonly amount: Dec
  /** What of it the margin asset pays: nothing where another asset does. */
  readonly ofWallet: Dec
}

/**
 * How a commission is paid: out of the fee asset, less a tenth, where that is on and enough; else in the margin
 * asset, in full. Rebates are paid in the margin asset.
 */
export const commissionOf = (held: FeeAsset | null, fee: Dec, marginAsset: string): Commission => {
  const inMargin = { asset: marginAsset, amount: fee, ofWallet: fee }
  if (held === null || !held.burns || !fee.gt(0)) return inMargin
  const amount = fee.times(SHARE).div(held.price).toDecimalPlaces(PLACES)
  return amount.gt(held.balance) ? inMargin : { asset: held.asset, amount, ofWallet: ZERO }
}

/** Takes what the fee asset pays of a commission. True when it paid any. */
export const payCommission = (held: FeeAsset | null, { asset, amount }: Commission): boolean => {
  if (held?.asset !== asset || amount.isZero()) return false
  held.balance = held.balance.minus(amount)
  held.paid = held.paid.plus(amount)
  return true
}
