import { ZERO, toMoneyString, type Dec } from '@tapedeck/core'
import type { AccountState } from './account-state.ts'
import type { MoneyView } from './account-types.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

const equityOf = (account: AccountState): Dec => {
  let equity = account.wallet
  for (const stake of account.stakes.values())
    for (const holding of stake.holdings) equity = equity.plus(holding.unrealized)
  return equity
}

/** Nothing of a fee asset is made or lost: what is not there was paid. */
const feeAssetIsWhole = ({ feeAsset }: AccountState): boolean =>
  feeAsset === null || feeAsset.balance.plus(feeAsset.paid).eq(feeAsset.deposited)

/** Cash and what is held at the mark. */
const worthOf = ({ rules, markPrice }: SymbolMarket, position: SymbolMarket['fund']): Dec => {
  const realized = rules.tickLot.times(position.realizedTickLots)
  if (position.lots === 0 || markPrice === null) return realized
  const held = markPrice.times(rules.lotSize).times(position.lots)
  return realized.plus(held).minus(rules.tickLot.times(position.costTickLots))
}

/** What the insurance fund is worth, with what it took over, at the marks. */
export const insuranceOf = ({ house, markets }: ExchangeState): Dec => {
  let insurance = house.insurance
  for (const one of markets.values()) insurance = insurance.plus(worthOf(one, one.fund))
  return insurance
}

/** All the money there is, at the marks. Nothing is rounded before it is compared. */
export const countMoney = (state: ExchangeState): MoneyView => {
  const { house, accounts: all, markets } = state
  let accounts = ZERO
  for (const account of all.values()) accounts = accounts.plus(equityOf(account))
  let market = house.fundingPaid
  for (const one of markets.values()) market = market.plus(worthOf(one, one.outside))
  const insurance = insuranceOf(state)
  const total = accounts.plus(house.fees).plus(insurance).plus(market)
  return {
    deposited: toMoneyString(house.deposited),
    accounts: toMoneyString(accounts),
    fees: toMoneyString(house.fees),
    insurance: toMoneyString(insurance),
    market: toMoneyString(market),
    balanced: total.eq(house.deposited) && [...all.values()].every(feeAssetIsWhole),
  }
}
