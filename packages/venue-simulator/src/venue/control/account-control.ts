import { z } from 'zod'
import type { ExchangeResult } from '../../exchange/index.ts'
import { AccountName, Decimal, readBody, SymbolName } from './control-body.ts'
import type { KeyProof, KeySpec } from '../account-spec.ts'
import { ControlError, malformed, notFound } from './control-error.ts'
import type { ControlCall, ControlRoute } from './control-route.ts'

const Key = z.strictObject({
  api_key: z.string().min(1),
  /** One of the two: see `KeyProof`. */
  secret: z.string().min(1).optional(),
  public_key: z.string().min(1).max(10_000).optional(),
  permissions: z.array(z.enum(['read', 'trade'])).optional(),
})
const FeeAsset = z.strictObject({
  asset: z.string().regex(/^[A-Z0-9]{2,12}$/),
  balance: Decimal,
  /** Of one of it, in the margin asset. */
  price: Decimal,
})
const NewAccount = Key.extend({
  account: AccountName,
  balance: Decimal,
  fee_asset: FeeAsset.optional(),
})
const Amount = z.strictObject({ amount: Decimal })
const Restriction = z.strictObject({ restricted: z.boolean() })
const Resolution = z.strictObject({
  client_algo_id: z.string().min(1),
  outcome: z.enum(['trigger', 'reject', 'expire', 'finish_empty']),
})
const Cancel = z.strictObject({ symbol: SymbolName })

/** The account that the path names. Throws 404. */
const accountOf = ({ venue, named }: ControlCall): string => {
  const account = named['account'] ?? ''
  if (!venue.exchange.hasAccount(account))
    throw notFound(`account ${account}: does not exist; GET /sim/v1/state lists them`)
  return account
}

const CONFLICT = 409

/** What the exchange did, told to streams. Throws 409 with its refusal. */
const settled = <T>({ venue }: ControlCall, result: ExchangeResult<T>): T => {
  venue.settle()
  if (!result.ok) throw new ControlError(CONFLICT, `${result.refusal}: ${result.detail}`)
  return result.value
}

/** Throws 400 for none of the two that a key may be proved by, and for both. */
const proofOf = ({ secret, public_key: publicKey }: z.output<typeof Key>): KeyProof => {
  if (publicKey === undefined && secret !== undefined) return { secret }
  if (publicKey !== undefined && secret === undefined) return { publicKey }
  throw malformed('secret: expected either secret or public_key')
}

const keySpec = (account: string, key: z.output<typeof Key>): KeySpec => ({
  account,
  apiKey: key.api_key,
  ...proofOf(key),
  ...(key.permissions === undefined ? {} : { permissions: key.permissions }),
})

const addAccount = ({ venue, request }: ControlCall): object => {
  const body = readBody(request, NewAccount)
  const { account, balance, fee_asset: feeAsset } = body
  const spec = { ...keySpec(account, body), balance }
  venue.addAccount(feeAsset === undefined ? spec : { ...spec, feeAsset })
  return { account: body.account }
}

const addKey = (call: ControlCall): object => {
  const account = accountOf(call)
  call.venue.addKey(keySpec(account, readBody(call.request, Key)))
  return { account }
}

const removeKey = (call: ControlCall): object => {
  const account = accountOf(call)
  if (!call.venue.removeKey(account, call.named['api_key'] ?? ''))
    throw notFound(`account ${account}: has no such key`)
  return { account }
}

const balanceAfter = (call: ControlCall, account: string): object => ({
  account,
  wallet_balance: call.venue.exchange.balance(account)?.walletBalance ?? '0',
})

const moveMoney =
  (how: 'deposit' | 'withdraw') =>
  (call: ControlCall): object => {
    const account = accountOf(call)
    const { amount } = readBody(call.request, Amount)
    settled(call, call.venue.exchange[how](account, amount))
    return balanceAfter(call, account)
  }

const restrict = (call: ControlCall): object => {
  const account = accountOf(call)
  const { restricted } = readBody(call.request, Restriction)
  settled(call, call.venue.exchange.restrict(account, restricted))
  return { account, restricted }
}

const resolve = (call: ControlCall): object => {
  const account = accountOf(call)
  const body = readBody(call.request, Resolution)
  const key = { clientAlgoId: body.client_algo_id }
  const { status } = settled(call, call.venue.exchange.resolveTrigger(account, key, body.outcome))
  return { account, client_algo_id: body.client_algo_id, status }
}

const cancelOrders = (call: ControlCall): object => {
  const account = accountOf(call)
  const { symbol } = readBody(call.request, Cancel)
  const { exchange } = call.venue
  const orders = settled(call, exchange.cancelAll(account, symbol))
  const conditionals = settled(call, exchange.cancelAllConditionals(account, symbol))
  return { account, canceled: orders.length, conditionals_canceled: conditionals.length }
}

const expireListenKey = (call: ControlCall): object => {
  const account = accountOf(call)
  if (!call.venue.expireListenKey(account))
    throw notFound(`account ${account}: has no listen key now`)
  return { account }
}

/** Accounts, their keys and their money; what happens to them by an operator's hand. */
export const ACCOUNT_CONTROL: readonly ControlRoute[] = [
  { method: 'POST', path: '/accounts', answer: addAccount },
  { method: 'POST', path: '/accounts/{account}/keys', answer: addKey },
  { method: 'DELETE', path: '/accounts/{account}/keys/{api_key}', answer: removeKey },
  { method: 'POST', path: '/accounts/{account}/deposit', answer: moveMoney('deposit') },
  { method: 'POST', path: '/accounts/{account}/withdraw', answer: moveMoney('withdraw') },
  { method: 'POST', path: '/accounts/{account}/restrict', answer: restrict },
  { method: 'POST', path: '/accounts/{account}/cancel-orders', answer: cancelOrders },
  { method: 'POST', path: '/accounts/{account}/resolve-trigger', answer: resolve },
  { method: 'POST', path: '/accounts/{account}/expire-listen-key', answer: expireListenKey },
]
