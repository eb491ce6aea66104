import type { AccountState } from '../accounts/account-state.ts'
import type { ConditionalOrder } from './conditional-order.ts'
import type { ConditionalKey } from '../orders/order-types.ts'

/** Open or over. By client id: the open one, else the latest. */
export const findConditional = (
  account: AccountState,
  key: ConditionalKey,
): ConditionalOrder | undefined => {
  if ('algoId' in key) return account.conditionals.get(key.algoId)
  for (const one of account.openConditionals) if (one.clientAlgoId === key.clientAlgoId) return one
  let latest: ConditionalOrder | undefined
  for (const one of account.conditionals.values())
    if (one.clientAlgoId === key.clientAlgoId) latest = one
  return latest
}
