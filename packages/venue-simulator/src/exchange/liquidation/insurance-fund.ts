import { ZERO, maximum, minimum, type Dec } from '@tapedeck/core'
import type { AccountState } from '../accounts/account-state.ts'
import { writeIncome } from '../matching/book-fill.ts'
import { insuranceOf } from '../accounts/count-money.ts'
import { balanceChange, positionChange } from '../accounts/describe-account.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { Holding } from '../accounts/holding.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/**
 * How many lots the insurance fund can take over at a price without owing anything at the mark. `signed`: 1
 * when it becomes long, -1 when short.
 */
export const lotsBearable = (
  state: ExchangeState,
  market: SymbolMarket,
  signed: 1 | -1,
  lots: number,
  ticks: number,
): number => {
  const { rules, markPrice } = market
  if (markPrice === null) return lots
  const gain = markPrice.minus(rules.tickSize.times(ticks)).times(rules.lotSize).times(signed)
  const has = insuranceOf(state)
  if (gain.gte(0)) return lots
  return has.lte(0) ? 0 : Math.min(lots, has.div(gain.neg()).floor().toNumber())
}

/** Moves money from an account to the fund, or (negative) back, and tells it. */
const transfer = (
  state: ExchangeState,
  account: AccountState,
  amount: Dec,
  symbol: string,
  holding: Holding | null,
): void => {
  account.wallet = account.wallet.minus(amount)
  account.updatedAt = state.now
  writeIncome(state, account, {
    type: 'INSURANCE_CLEAR',
    symbol,
    amount: amount.neg(),
    info: 'INSURANCE_CLEAR',
    tradeId: null,
  })
  state.log.tell(state.now, {
    kind: 'balance',
    account: account.id,
    cause: 'INSURANCE_CLEAR',
    balances: [balanceChange(account, state.asset, amount.neg())],
    positions: holding === null ? [] : [positionChange(holding, account)],
    symbol: null,
  })
}

/** The clearance fee of a liquidation. `holding`: an isolated position that pays it and lives on. */
export const payClearance = (
  state: ExchangeState,
  account: AccountState,
  fee: Dec,
  symbol: string,
  holding: Holding | null,
): void => {
  if (fee.isZero()) return
  if (holding !== null) holding.isolatedWallet = holding.isolatedWallet.minus(fee)
  state.house.insurance = state.house.insurance.plus(fee)
  transfer(state, account, fee, symbol, holding)
}

/** An account that has nothing left and owes: the fund pays as far as it can, then the house out of its fees. */
export const payDeficit = (state: ExchangeState, account: AccountState, owed: Dec): void => {
  const ofFund = minimum(owed, maximum(ZERO, insuranceOf(state)))
  state.house.insurance = state.house.insurance.minus(ofFund)
  state.house.fees = state.house.fees.minus(owed.minus(ofFund))
  transfer(state, account, owed.neg(), '', null)
}
