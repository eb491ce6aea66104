import { checkFeeAsset, type Exchange, type OpenAccount } from '../exchange/index.ts'
import type { AccountSpec } from './account-spec.ts'

const BALANCE = /^\d{1,15}(\.\d{1,8})?$/

/** Throws a RangeError when the account exists, or a balance is no decimal from 0. */
export const checkAccountSpec = (exchange: Exchange, spec: AccountSpec): void => {
  const { account, balance, feeAsset } = spec
  if (feeAsset !== undefined) checkFeeAsset(feeAsset, exchange.asset)
  if (exchange.hasAccount(account)) throw new RangeError(`account ${account}: exists already`)
  if (!BALANCE.test(balance))
    throw new RangeError(`balance of ${account} is ${balance}: expected a decimal from 0`)
}

/** What the exchange opens for it. */
export const openingOf = ({ balance, feeAsset }: AccountSpec): OpenAccount =>
  feeAsset === undefined ? { balance } : { balance, feeAsset }
