import { ZERO, dec, maximum, minimum, type Dec } from '@tapedeck/core'
import type { AccountState } from './account-state.ts'
import type { Holding } from './holding.ts'
import { greatestNotional, maintenanceMargin } from './margin.ts'

/** One holding's margins at the mark. */
export type HoldingMargin = {
  readonly unrealized: Dec
  /** Signed. */
  readonly notional: Dec
  readonly maintenance: Dec
  readonly positionInitial: Dec
  readonly openOrderInitial: Dec
}

/** What open orders on top of a position need: the initial margin of what they could make it, less its own. */
const openOrderMargin = (
  { stake }: Holding,
  notional: Dec,
  buysTickLots: number,
  sellsTickLots: number,
): Dec => {
  if (buysTickLots === 0 && sellsTickLots === 0) return ZERO
  const { tickLot } = stake.market.rules
  const greatest = greatestNotional(
    notional,
    tickLot.times(buysTickLots),
    tickLot.times(sellsTickLots),
  )
  return greatest.minus(notional.abs()).div(stake.leverage)
}

export const holdingMargin = (holding: Holding): HoldingMargin => {
  const { market, leverage } = holding.stake
  const { notional } = holding
  return {
    unrealized: holding.unrealized,
    notional,
    maintenance: holding.isFlat
      ? ZERO
      : maintenanceMargin(market.rules.instrument.brackets, notional),
    positionInitial: notional.abs().div(leverage),
    openOrderInitial: openOrderMargin(holding, notional, holding.openBuys, holding.openSells),
  }
}

/** How much more an order of `tickLots` would need, beyond what is needed already. */
export const marginOfOrder = (holding: Holding, buy: boolean, tickLots: number): Dec => {
  const { notional, openBuys, openSells } = holding
  const before = openOrderMargin(holding, notional, openBuys, openSells)
  const after = openOrderMargin(
    holding,
    notional,
    openBuys + (buy ? tickLots : 0),
    openSells + (buy ? 0 : tickLots),
  )
  return after.minus(before)
}

export type AccountMargin = {
  readonly wallet: Dec
  readonly crossWallet: Dec
  readonly unrealized: Dec
  readonly crossUnrealized: Dec
  readonly maintenance: Dec
  readonly crossMaintenance: Dec
  readonly positionInitial: Dec
  readonly openOrderInitial: Dec
  /** Never below zero. */
  readonly available: Dec
}

/**
 * All margins of an account. Isolated positions live on their own wallets; their open orders, like
 * everything cross, on what is left.
 */
export const accountMargin = (account: AccountState): AccountMargin => {
  let isolated = ZERO
  let unrealized = ZERO
  let crossUnrealized = ZERO
  let maintenance = ZERO
  let crossMaintenance = ZERO
  let positionInitial = ZERO
  let crossInitial = ZERO
  let openOrderInitial = ZERO
  for (const stake of account.stakes.values())
    for (const holding of stake.holdings) {
      if (holding.isIdle) continue
      const margin = holdingMargin(holding)
      unrealized = unrealized.plus(margin.unrealized)
      maintenance = maintenance.plus(margin.maintenance)
      positionInitial = positionInitial.plus(margin.positionInitial)
      openOrderInitial = openOrderInitial.plus(margin.openOrderInitial)
      if (stake.marginType === 'ISOLATED') {
        isolated = isolated.plus(holding.isolatedWallet)
        continue
      }
      crossUnrealized = crossUnrealized.plus(margin.unrealized)
      crossMaintenance = crossMaintenance.plus(margin.maintenance)
      crossInitial = crossInitial.plus(margin.positionInitial)
    }
  const crossWallet = account.wallet.minus(isolated)
  const free = crossWallet.plus(crossUnrealized).minus(crossInitial).minus(openOrderInitial)
  return {
    wallet: account.wallet,
    crossWallet,
    unrealized,
    crossUnrealized,
    maintenance,
    crossMaintenance,
    positionInitial,
    openOrderInitial,
    available: maximum(ZERO, free),
  }
}

/** What may leave: never unrealized gains. */
export const withdrawable = ({ available, crossWallet }: AccountMargin): Dec =>
  maximum(ZERO, minimum(available, crossWallet))

/** Loss that an order would have at once, because its price is worse than the mark. */
export const openLoss = (holding: Holding, buy: boolean, ticks: number, lots: number): Dec => {
  const { rules, markPrice } = holding.stake.market
  if (markPrice === null) return ZERO
  const price = rules.tickSize.times(ticks)
  const worse = buy ? price.minus(markPrice) : markPrice.minus(price)
  return worse.gt(0) ? worse.times(rules.lotSize).times(dec(lots)) : ZERO
}
