import { OpenPosition, dec } from '@tapedeck/core'
import { AccountState } from '../accounts/account-state.ts'
import type { ClientOrder } from '../orders/client-order.ts'
import type { ConditionalOrder } from '../conditional/conditional-order.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { FeeAsset } from '../accounts/fee-asset.ts'
import { Stake } from '../accounts/holding.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'
import type { SavedAccount, SavedConditional, SavedOrder, SavedStake } from './saved-account.ts'

/** What is named must be there: a state in which it is not was not made by saving. */
export const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new RangeError(`the saved exchange has no ${what}`)
  return value
}

const marketOf = (state: ExchangeState, symbol: string): SymbolMarket =>
  found(state.markets.get(symbol), `symbol ${symbol}`)

const restoreStake = (market: SymbolMarket, saved: SavedStake): Stake => {
  const positions = Object.fromEntries(
    saved.holdings.map(({ side, position }) => [side, new OpenPosition(position)]),
  )
  const stake = new Stake(market, saved.leverage, positions)
  stake.marginType = saved.marginType
  for (const one of saved.holdings) {
    const holding = stake.holding(one.side)
    holding.isolatedWallet = dec(one.isolatedWallet)
    holding.toRecover = dec(one.toRecover)
    holding.openBuys = one.openBuys
    holding.openSells = one.openSells
    holding.updatedAt = one.updatedAt
    holding.marginCalled = one.marginCalled
  }
  return stake
}

const restoreOrder = (account: AccountState, { symbol, ...order }: SavedOrder): ClientOrder => {
  const stake = found(account.stakes.get(symbol), `stake of ${account.id} in ${symbol}`)
  return { ...order, account, market: stake.market, holding: stake.holding(order.positionSide) }
}

const restoreConditional = (
  account: AccountState,
  { symbol, orderId, ...one }: SavedConditional,
  forgotten: ReadonlyMap<string, ClientOrder>,
): ConditionalOrder => {
  const stake = found(account.stakes.get(symbol), `stake of ${account.id} in ${symbol}`)
  const holding = stake.holding(one.positionSide)
  if (orderId === null) return { ...one, account, market: stake.market, holding, order: null }
  const order = account.findOrder(symbol, { orderId }) ?? forgotten.get(`${symbol}|${orderId}`)
  return {
    ...one,
    account,
    market: stake.market,
    holding,
    order: found(order, `order ${orderId} of ${account.id}`),
  }
}

const restoreFeeAsset = (saved: SavedAccount['feeAsset']): FeeAsset | null =>
  saved === null
    ? null
    : {
        asset: saved.asset,
        burns: saved.burns,
        price: dec(saved.price),
        deposited: dec(saved.deposited),
        balance: dec(saved.balance),
        paid: dec(saved.paid),
      }

/** Orders rest in no book yet. */
export const restoreAccount = (state: ExchangeState, saved: SavedAccount): AccountState => {
  const account = new AccountState(saved.id, { ...saved, at: saved.openedAt })
  account.wallet = dec(saved.wallet)
  account.feeAsset = restoreFeeAsset(saved.feeAsset)
  account.hedgeMode = saved.hedgeMode
  account.restricted = saved.restricted
  account.marginCalled = saved.marginCalled
  account.updatedAt = saved.updatedAt
  for (const stake of saved.stakes)
    account.stakes.set(stake.symbol, restoreStake(marketOf(state, stake.symbol), stake))
  for (const order of saved.orders) account.rememberOrder(restoreOrder(account, order))
  for (const { symbol, open } of saved.stakes)
    for (const orderId of open)
      account.stakes
        .get(symbol)!
        .open.add(found(account.findOrder(symbol, { orderId }), `order ${orderId} of ${saved.id}`))
  const forgotten = new Map(
    saved.forgotten.map((one) => [`${one.symbol}|${one.orderId}`, restoreOrder(account, one)]),
  )
  for (const one of saved.conditionals)
    account.conditionals.set(one.algoId, restoreConditional(account, one, forgotten))
  for (const algoId of saved.openConditionals)
    account.openConditionals.add(
      found(account.conditionals.get(algoId), `conditional order ${algoId} of ${saved.id}`),
    )
  for (const [symbol, at] of saved.countdowns) account.countdowns.set(symbol, at)
  for (const trade of saved.trades) account.trades.push(trade)
  for (const row of saved.income) account.income.push(row)
  return account
}
