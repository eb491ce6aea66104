import { ZERO, dec, maximum, type Dec } from '@tapedeck/core'
import { accountMargin, holdingMargin } from '../accounts/account-margin.ts'
import type { AccountState } from '../accounts/account-state.ts'
import type { Holding } from '../accounts/holding.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/** A position that somebody else's bankruptcy may close. */
export type Queued = {
  readonly account: AccountState
  readonly holding: Holding
  readonly score: Dec
}

const ONE = dec(1)

/** Profit in shares of the wallet that backs it, times the margin ratio; losses rank last, as 0. */
const leveragePnl = (profit: Dec, wallet: Dec, unrealized: Dec, maintenance: Dec): Dec => {
  const equity = wallet.plus(unrealized)
  if (profit.lte(0) || equity.lte(0)) return ZERO
  return profit.div(maximum(ONE, wallet)).times(maintenance.div(equity))
}

/**
 * How soon a position is deleveraged (Binance, "What is auto-deleveraging": LeveragePnL). Cross positions of
 * both sides of a symbol count as one.
 */
const scoreOf = (account: AccountState, holding: Holding): Dec => {
  const { stake } = holding
  const own = holdingMargin(holding)
  if (stake.marginType === 'ISOLATED')
    return leveragePnl(own.unrealized, holding.isolatedWallet, own.unrealized, own.maintenance)
  const { crossWallet, crossUnrealized, crossMaintenance } = accountMargin(account)
  let profit = ZERO
  for (const one of stake.holdings) profit = profit.plus(one.unrealized)
  return leveragePnl(profit, crossWallet, crossUnrealized, crossMaintenance)
}

/** All positions of a side (1 long, -1 short), those that are closed first before the others. */
export const adlQueue = (market: SymbolMarket, sign: 1 | -1): Queued[] => {
  const queue: Queued[] = []
  for (const account of market.holders)
    for (const holding of account.stakes.get(market.rules.symbol)?.holdings ?? [])
      if (Math.sign(holding.lots) === sign)
        queue.push({ account, holding, score: scoreOf(account, holding) })
  // A stable sort: of equals, who has held longer comes first.
  return queue.toSorted((a, b) => b.score.cmp(a.score))
}

/** Place in that queue as Binance shows it: 1 last to 4 first; 0 when flat. */
export const adlQuantile = (holding: Holding): number => {
  if (holding.isFlat) return 0
  const queue = adlQueue(holding.stake.market, holding.lots > 0 ? 1 : -1)
  const own = queue.find((one) => one.holding === holding)
  if (own === undefined || queue.length === 1) return 1
  const behind = queue.filter(({ score }) => score.lt(own.score)).length
  return 1 + Math.min(3, Math.floor((4 * behind) / queue.length))
}
