import { ZERO, dec, toMoneyString, type Dec } from '@tapedeck/core'
import { holdingMargin, type AccountMargin } from '../accounts/account-margin.ts'
import type { AccountState } from '../accounts/account-state.ts'
import { positionChange } from '../accounts/describe-account.ts'
import type { MarginCallPosition } from '../exchange-event.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { Holding, Stake } from '../accounts/holding.ts'

/** What remains of the margin, in maintenance margins, when a margin call is told. */
const CALL_BELOW = dec('1.25')

/** What an account has in symbols on cross margin. */
export const crossStakes = (account: AccountState): Stake[] =>
  [...account.stakes.values()].filter(({ marginType }) => marginType === 'CROSSED')

const describe = (holding: Holding, account: AccountState): MarginCallPosition => {
  const { symbol, positionSide, quantity, marginType, isolatedWallet, unrealizedPnl } =
    positionChange(holding, account)
  return {
    symbol,
    positionSide,
    quantity,
    marginType,
    isolatedWallet,
    markPrice: toMoneyString(holding.stake.market.markPrice ?? ZERO),
    unrealizedPnl,
    maintenanceMargin: toMoneyString(holdingMargin(holding).maintenance),
  }
}

const tell = (
  state: ExchangeState,
  account: AccountState,
  crossWallet: Dec | null,
  holdings: readonly Holding[],
): void =>
  state.log.tell(state.now, {
    kind: 'margin_call',
    account: account.id,
    crossWalletBalance: crossWallet === null ? null : toMoneyString(crossWallet),
    positions: holdings.map((holding) => describe(holding, account)),
  })

const callForCross = (
  state: ExchangeState,
  account: AccountState,
  { crossWallet, crossUnrealized, crossMaintenance }: AccountMargin,
): void => {
  const isClose =
    crossMaintenance.gt(0) &&
    crossWallet.plus(crossUnrealized).lt(crossMaintenance.times(CALL_BELOW))
  if (isClose === account.marginCalled) return
  account.marginCalled = isClose
  if (!isClose) return
  const holdings = crossStakes(account).flatMap((stake) => stake.holdings)
  tell(
    state,
    account,
    crossWallet,
    holdings.filter(({ isFlat }) => !isFlat),
  )
}

const callForIsolated = (state: ExchangeState, account: AccountState, holding: Holding): void => {
  const { unrealized, maintenance } = holdingMargin(holding)
  const isClose =
    !holding.isFlat && holding.isolatedWallet.plus(unrealized).lt(maintenance.times(CALL_BELOW))
  if (isClose === holding.marginCalled) return
  holding.marginCalled = isClose
  if (isClose) tell(state, account, null, [holding])
}

/** A margin call when what is left comes close to maintenance; once, until it is above again. */
export const callForMargin = (
  state: ExchangeState,
  account: AccountState,
  margin: AccountMargin,
): void => {
  callForCross(state, account, margin)
  for (const stake of account.stakes.values())
    if (stake.marginType === 'ISOLATED')
      for (const holding of stake.holdings) callForIsolated(state, account, holding)
}
