import { ZERO, dec, stepsToDecimal, toDecimalString, toMoneyString, type Dec } from '@tapedeck/core'
import { adlQuantile } from '../liquidation/adl-queue.ts'
import { holdingMargin, withdrawable, type AccountMargin } from './account-margin.ts'
import type { AccountState } from './account-state.ts'
import type { BalanceView, FeeAssetView, PositionView, SymbolConfig } from './account-types.ts'
import type { BalanceChange, PositionChange } from '../exchange-event.ts'
import type { Holding, Stake } from './holding.ts'
import { liquidationPriceIn, notionalCapAt } from './margin.ts'

const PRICE_PLACES = 8
const ONE = dec(1)

const price = (value: Dec): string => toDecimalString(value.toDecimalPlaces(PRICE_PLACES))

/** As text; most averages are whole ticks. */
const entryText = (holding: Holding): string => {
  const { costTickLots, lots } = holding.position
  const { tick } = holding.stake.market.rules
  if (lots === 0) return '0'
  return costTickLots % lots === 0
    ? stepsToDecimal(costTickLots / lots, tick)
    : price(entryPrice(holding))
}

const entryPrice = ({ position, stake }: Holding): Dec =>
  position.lots === 0
    ? ZERO
    : stake.market.rules.tickSize.times(position.costTickLots).div(position.lots)

/** Where what the position cost, with its fees and the taker's fee of closing, comes back. */
const breakEvenPrice = (holding: Holding, fee: Dec): Dec => {
  if (holding.isFlat) return ZERO
  const { rules } = holding.stake.market
  const quantity = rules.lotSize.times(holding.lots)
  const cost = rules.tickLot.times(holding.position.costTickLots).plus(holding.toRecover)
  const share = quantity.gt(0) ? ONE.minus(fee) : ONE.plus(fee)
  return cost.div(quantity.times(share))
}

const realizedSoFar = ({ position, stake }: Holding): string =>
  position.realizedTickLots === 0
    ? '0'
    : toMoneyString(stake.market.rules.tickLot.times(position.realizedTickLots))

const liquidationOf = (holding: Holding, whole: AccountMargin): Dec => {
  if (holding.isFlat) return ZERO
  const { stake } = holding
  const { rules } = stake.market
  const quantity = rules.lotSize.times(holding.lots)
  const terms = { quantity, entryPrice: entryPrice(holding) }
  const { brackets } = rules.instrument
  const own = holdingMargin(holding)
  const found =
    stake.marginType === 'ISOLATED'
      ? liquidationPriceIn(brackets, {
          ...terms,
          wallet: holding.isolatedWallet,
          otherMaintenance: ZERO,
          otherUnrealized: ZERO,
        })
      : liquidationPriceIn(brackets, {
          ...terms,
          wallet: whole.crossWallet,
          otherMaintenance: whole.crossMaintenance.minus(own.maintenance),
          otherUnrealized: whole.crossUnrealized.minus(own.unrealized),
        })
  return found ?? ZERO
}

export const describePosition = (
  holding: Holding,
  account: AccountState,
  whole: AccountMargin,
  asset: string,
): PositionView => {
  const { stake } = holding
  const { rules, markPrice } = stake.market
  const margin = holdingMargin(holding)
  const isolated = stake.marginType === 'ISOLATED'
  return {
    symbol: rules.symbol,
    positionSide: holding.side,
    quantity: stepsToDecimal(holding.lots, rules.lot),
    entryPrice: entryText(holding),
    breakEvenPrice: price(breakEvenPrice(holding, account.takerShare)),
    markPrice: price(markPrice ?? ZERO),
    unrealizedPnl: toMoneyString(margin.unrealized),
    accumulatedRealized: realizedSoFar(holding),
    liquidationPrice: price(liquidationOf(holding, whole)),
    marginAsset: asset,
    marginType: stake.marginType,
    leverage: stake.leverage,
    maxNotional: String(notionalCapAt(rules.instrument.brackets, stake.leverage)),
    notional: toMoneyString(margin.notional),
    isolatedMargin: isolated ? toMoneyString(holding.isolatedWallet.plus(margin.unrealized)) : '0',
    isolatedWallet: toMoneyString(holding.isolatedWallet),
    initialMargin: toMoneyString(margin.positionInitial.plus(margin.openOrderInitial)),
    maintenanceMargin: toMoneyString(margin.maintenance),
    positionInitialMargin: toMoneyString(margin.positionInitial),
    openOrderInitialMargin: toMoneyString(margin.openOrderInitial),
    adl: adlQuantile(holding),
    bidNotional: toMoneyString(rules.tickLot.times(holding.openBuys)),
    askNotional: toMoneyString(rules.tickLot.times(holding.openSells)),
    updatedAt: holding.updatedAt,
  }
}

export const describeBalance = (
  account: AccountState,
  margin: AccountMargin,
  asset: string,
): BalanceView => ({
  asset,
  walletBalance: toMoneyString(margin.wallet),
  crossWalletBalance: toMoneyString(margin.crossWallet),
  crossUnrealizedPnl: toMoneyString(margin.crossUnrealized),
  unrealizedPnl: toMoneyString(margin.unrealized),
  marginBalance: toMoneyString(margin.wallet.plus(margin.unrealized)),
  maintenanceMargin: toMoneyString(margin.maintenance),
  initialMargin: toMoneyString(margin.positionInitial.plus(margin.openOrderInitial)),
  positionInitialMargin: toMoneyString(margin.positionInitial),
  openOrderInitialMargin: toMoneyString(margin.openOrderInitial),
  availableBalance: toMoneyString(margin.available),
  maxWithdraw: toMoneyString(withdrawable(margin)),
  updatedAt: account.updatedAt,
})

export const describeConfig = (stake: Stake): SymbolConfig => ({
  symbol: stake.market.rules.symbol,
  marginType: stake.marginType,
  leverage: stake.leverage,
  maxNotional: String(notionalCapAt(stake.market.rules.instrument.brackets, stake.leverage)),
})

/** The wallet as a balance event carries it; `change` is what is neither P&L nor commission. */
export const balanceChange = (
  account: AccountState,
  asset: string,
  change: Dec = ZERO,
): BalanceChange => {
  let isolated = ZERO
  for (const stake of account.stakes.values())
    for (const { isolatedWallet } of stake.holdings)
      if (!isolatedWallet.isZero()) isolated = isolated.plus(isolatedWallet)
  return {
    asset,
    walletBalance: toMoneyString(account.wallet),
    crossWalletBalance: toMoneyString(account.wallet.minus(isolated)),
    change: toMoneyString(change),
  }
}

export const describeFeeAsset = ({ feeAsset }: AccountState): FeeAssetView | null =>
  feeAsset === null
    ? null
    : {
        asset: feeAsset.asset,
        walletBalance: toMoneyString(feeAsset.balance),
        price: toDecimalString(feeAsset.price),
        burns: feeAsset.burns,
      }

/** What commissions are paid with, as it stands; nothing where that is the margin asset. */
export const feeAssetChange = ({ feeAsset }: AccountState, change: Dec = ZERO): BalanceChange[] => {
  if (feeAsset === null) return []
  const balance = toMoneyString(feeAsset.balance)
  return [
    {
      asset: feeAsset.asset,
      walletBalance: balance,
      crossWalletBalance: balance,
      change: toMoneyString(change),
    },
  ]
}

export const positionChange = (holding: Holding, account: AccountState): PositionChange => {
  const { rules } = holding.stake.market
  return {
    symbol: rules.symbol,
    positionSide: holding.side,
    quantity: stepsToDecimal(holding.lots, rules.lot),
    entryPrice: entryText(holding),
    breakEvenPrice: price(breakEvenPrice(holding, account.takerShare)),
    accumulatedRealized: realizedSoFar(holding),
    unrealizedPnl: toMoneyString(holding.unrealized),
    marginType: holding.stake.marginType,
    isolatedWallet: toMoneyString(holding.isolatedWallet),
  }
}
