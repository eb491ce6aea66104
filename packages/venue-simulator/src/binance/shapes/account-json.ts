import type { AccountView, PositionView } from '../../exchange/index.ts'

const totals = ({ balance }: AccountView): object => ({
  totalInitialMargin: balance.initialMargin,
  totalMaintMargin: balance.maintenanceMargin,
  totalWalletBalance: balance.walletBalance,
  totalUnrealizedProfit: balance.unrealizedPnl,
  totalMarginBalance: balance.marginBalance,
  totalPositionInitialMargin: balance.positionInitialMargin,
  totalOpenOrderInitialMargin: balance.openOrderInitialMargin,
  totalCrossWalletBalance: balance.crossWalletBalance,
  totalCrossUnPnl: balance.crossUnrealizedPnl,
  availableBalance: balance.availableBalance,
  maxWithdrawAmount: balance.maxWithdraw,
})

/** Clients pass over assets whose time is 0 (binance-ccxt-facts §6.1, rule 9). */
const timeOf = ({ balance, openedAt }: AccountView): number => balance.updatedAt || openedAt || 1

const assetJson = (account: AccountView): object => {
  const { balance } = account
  return {
    asset: balance.asset,
    walletBalance: balance.walletBalance,
    unrealizedProfit: balance.unrealizedPnl,
    marginBalance: balance.marginBalance,
    maintMargin: balance.maintenanceMargin,
    initialMargin: balance.initialMargin,
    positionInitialMargin: balance.positionInitialMargin,
    openOrderInitialMargin: balance.openOrderInitialMargin,
    crossWalletBalance: balance.crossWalletBalance,
    crossUnPnl: balance.crossUnrealizedPnl,
    availableBalance: balance.availableBalance,
    maxWithdrawAmount: balance.maxWithdraw,
    updateTime: timeOf(account),
  }
}

const positionInAccount = (position: PositionView): object => ({
  symbol: position.symbol,
  positionSide: position.positionSide,
  positionAmt: position.quantity,
  unrealizedProfit: position.unrealizedPnl,
  isolatedMargin: position.isolatedMargin,
  notional: position.notional,
  isolatedWallet: position.isolatedWallet,
  initialMargin: position.initialMargin,
  maintMargin: position.maintenanceMargin,
  updateTime: position.updatedAt,
})

/** `GET /fapi/v3/account`: positions that are not flat, and symbols with open orders (binance-ccxt-facts §3.4). */
export const accountJson = (account: AccountView): object => ({
  ...totals(account),
  assets: [assetJson(account)],
  positions: account.positions.map(positionInAccount),
})

/** `GET /fapi/v2/account`: every symbol, with its settings. `positions`: of all symbols. */
export const oldAccountJson = (
  account: AccountView,
  positions: readonly PositionView[],
): object => ({
  feeTier: 0,
  canTrade: !account.restricted,
  canDeposit: true,
  canWithdraw: true,
  updateTime: 0,
  multiAssetsMargin: false,
  tradeGroupId: -1,
  ...totals(account),
  assets: [{ ...assetJson(account), marginAvailable: true }],
  positions: positions.map((position) => ({
    ...positionInAccount(position),
    positionInitialMargin: position.positionInitialMargin,
    openOrderInitialMargin: position.openOrderInitialMargin,
    leverage: String(position.leverage),
    isolated: position.marginType === 'ISOLATED',
    entryPrice: position.entryPrice,
    breakEvenPrice: position.breakEvenPrice,
    maxNotional: position.maxNotional,
    bidNotional: position.bidNotional,
    askNotional: position.askNotional,
  })),
})

/** `GET /fapi/v3/balance` and v2. */
export const balanceJson = (account: AccountView): readonly object[] => {
  const { balance } = account
  return [
    {
      accountAlias: aliasOf(account.account),
      asset: balance.asset,
      balance: balance.walletBalance,
      crossWalletBalance: balance.crossWalletBalance,
      crossUnPnl: balance.crossUnrealizedPnl,
      availableBalance: balance.availableBalance,
      maxWithdrawAmount: balance.maxWithdraw,
      marginAvailable: true,
      updateTime: timeOf(account),
    },
  ]
}

/** A short code that names an account and tells nothing about it. */
const aliasOf = (account: string): string => {
  let hash = 7
  for (let i = 0; i < account.length; i++)
    hash = (hash * 31 + account.charCodeAt(i)) % 0x1_0000_0000
  return hash.toString(36).padStart(7, 'S')
}

/** `GET /fapi/v3/positionRisk`. */
export const positionRiskJson = (position: PositionView): object => ({
  symbol: position.symbol,
  positionSide: position.positionSide,
  positionAmt: position.quantity,
  entryPrice: position.entryPrice,
  breakEvenPrice: position.breakEvenPrice,
  markPrice: position.markPrice,
  unRealizedProfit: position.unrealizedPnl,
  liquidationPrice: position.liquidationPrice,
  isolatedMargin: position.isolatedMargin,
  notional: position.notional,
  marginAsset: position.marginAsset,
  isolatedWallet: position.isolatedWallet,
  initialMargin: position.initialMargin,
  maintMargin: position.maintenanceMargin,
  positionInitialMargin: position.positionInitialMargin,
  openOrderInitialMargin: position.openOrderInitialMargin,
  adl: position.adl,
  bidNotional: position.bidNotional,
  askNotional: position.askNotional,
  updateTime: position.updatedAt,
})

/** `GET /fapi/v2/positionRisk`: with leverage and margin type, as text in its own spelling. */
export const oldPositionRiskJson = (position: PositionView): object => ({
  symbol: position.symbol,
  positionAmt: position.quantity,
  entryPrice: position.entryPrice,
  breakEvenPrice: position.breakEvenPrice,
  markPrice: position.markPrice,
  unRealizedProfit: position.unrealizedPnl,
  liquidationPrice: position.liquidationPrice,
  leverage: String(position.leverage),
  maxNotionalValue: position.maxNotional,
  marginType: position.marginType === 'ISOLATED' ? 'isolated' : 'cross',
  isolatedMargin: position.isolatedMargin,
  isAutoAddMargin: 'false',
  positionSide: position.positionSide,
  notional: position.notional,
  isolatedWallet: position.isolatedWallet,
  updateTime: position.updatedAt,
})
