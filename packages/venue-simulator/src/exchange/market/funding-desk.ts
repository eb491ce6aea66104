import { dec, toDecimalString, type Dec } from '@tapedeck/core'
import type { AccountState } from '../accounts/account-state.ts'
import { writeIncome } from '../matching/book-fill.ts'
import { balanceChange, positionChange } from '../accounts/describe-account.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { Holding } from '../accounts/holding.ts'
import type { SymbolMarket } from './symbol-market.ts'

const HOUR = 3_600_000
const RATES_KEPT_MAX = 1000

/** When funding of a symbol falls due next; Infinity while no mark told when. */
export const fundingDueAt = ({ mark, nextFundingTime, lastFundedAt }: SymbolMarket): number =>
  mark === null || nextFundingTime <= lastFundedAt ? Infinity : nextFundingTime

/** Position times mark times rate; longs pay a positive rate. At 8 decimals. */
const fundingOf = (holding: Holding, rate: number): Dec =>
  holding.notional.times(dec(rate)).neg().toDecimalPlaces(8)

const fundHolding = (
  state: ExchangeState,
  account: AccountState,
  holding: Holding,
  amount: Dec,
): void => {
  const { symbol } = holding.stake.market.rules
  const isolated = holding.stake.marginType === 'ISOLATED'
  account.wallet = account.wallet.plus(amount)
  account.updatedAt = state.now
  if (isolated) holding.isolatedWallet = holding.isolatedWallet.plus(amount)
  state.house.fundingPaid = state.house.fundingPaid.minus(amount)
  writeIncome(state, account, {
    type: 'FUNDING_FEE',
    symbol,
    amount,
    info: 'FUNDING_FEE',
    tradeId: null,
  })
  state.log.tell(state.now, {
    kind: 'balance',
    account: account.id,
    cause: 'FUNDING_FEE',
    balances: [balanceChange(account, state.asset, amount)],
    positions: isolated ? [positionChange(holding, account)] : [],
    symbol,
  })
}

/**
 * Charges funding at the mark that was told last. `due`: the time at which it was to be charged, null when
 * it is charged out of turn. The rate is the one told last unless given.
 */
export const chargeFunding = (
  state: ExchangeState,
  market: SymbolMarket,
  due: number | null,
  given?: number,
): void => {
  const { mark, rules } = market
  if (mark === null) return
  const rate = given ?? mark.rate
  if (due !== null) {
    market.lastFundedAt = due
    market.nextFundingTime = due + rules.instrument.fundingIntervalHours * HOUR
  }
  market.fundingRates.push({
    symbol: rules.symbol,
    fundingRate: toDecimalString(rate),
    fundingTime: due ?? state.now,
    markPrice: toDecimalString(mark.price),
  })
  if (market.fundingRates.length > RATES_KEPT_MAX) market.fundingRates.shift()
  for (const account of market.holders)
    for (const holding of account.stakes.get(rules.symbol)?.holdings ?? []) {
      const amount = fundingOf(holding, rate)
      if (!amount.isZero()) fundHolding(state, account, holding, amount)
      state.recheck.add(account)
    }
  state.touched.add(market)
}
