import type { Exchange } from '../exchange/index.ts'
import type { AccountSpec } from './account-spec.ts'

const BALANCE = /^\d{1,15}(\.\d{1,8})?$/

/** Throws a RangeError when the account exists, or the balance is no decimal from 0. */
export const checkAccountSpec = (exchange: Exchange, { account, balance }: AccountSpec): void => {
  if (exchange.hasAccount(account)) throw new RangeError(`account ${account}: exists already`)
  if (!BALANCE.test(balance))
    throw new RangeError(`balance of ${account} is ${balance}: expected a decimal from 0`)
}
