import type { AccountView, PositionView } from '../../exchange/index.ts'
import { money, padded, type Places, type PlacesIn } from './decimals.ts'

const totals = ({ balance }: AccountView): object => ({
  totalInitialMargin: money(balance.initialMargin),
  totalMaintMargin: money(balance.maintenanceMargin),
  totalWalletBalance: money(balance.walletBalance),
  totalUnrealizedProfit: money(balance.unrealizedPnl),
  totalMarginBalance: money(balance.marginBalance),
  totalPositionInitialMargin: money(balance.positionInitialMargin),
  totalOpenOrderInitialMargin: money(balance.openOrderInitialMargin),
  totalCrossWalletBalance: money(balance.crossWalletBalance),
  totalCrossUnPnl: money(balance.crossUnrealizedPnl),
  availableBalance: money(balance.availableBalance),
  maxWithdrawAmount: money(balance.maxWithdraw),
})

/** Clients pass over assets whose time is 0 (binance-ccxt-facts §6.1, rule 9). */
const timeOf = ({ balance, openedAt }: AccountView): number => balance.updatedAt || openedAt || 1

const assetJson = (account: AccountView): object => {
  const { balance } = account
  return {
    asset: balance.asset,
    walletBalance: money(balance.walletBalance),
    unrealizedProfit: money(balance.unrealizedPnl),
    marginBalance: money(balance.marginBalance),
    maintMargin: money(balance.maintenanceMargin),
    initialMargin: money(balance.initialMargin),
    positionInitialMargin: money(balance.positionInitialMargin),
    openOrderInitialMargin: money(balance.openOrderInitialMargin),
    crossWalletBalance: money(balance.crossWalletBalance),
    crossUnPnl: money(balance.crossUnrealizedPnl),
    availableBalance: money(balance.availableBalance),
    maxWithdrawAmount: money(balance.maxWithdraw),
    updateTime: timeOf(account),
  }
}

/** What commissions are paid with: no collateral, so nothing of it is margin. */
const feeAssetJson = (account: AccountView): readonly object[] => {
  const { feeAsset } = account
  if (feeAsset === null) return []
  const all = money(feeAsset.walletBalance)
  const none = money('0')
  return [
    {
      asset: feeAsset.asset,
      walletBalance: all,
      unrealizedProfit: none,
      marginBalance: all,
      maintMargin: none,
      initialMargin: none,
      positionInitialMargin: none,
      openOrderInitialMargin: none,
      crossWalletBalance: all,
      crossUnPnl: none,
      availableBalance: all,
      maxWithdrawAmount: all,
      updateTime: timeOf(account),
    },
  ]
}

const positionInAccount = (position: PositionView, places: Places): object => ({
  symbol: position.symbol,
  positionSide: position.positionSide,
  positionAmt: padded(position.quantity, places.quantity),
  unrealizedProfit: money(position.unrealizedPnl),
  isolatedMargin: money(position.isolatedMargin),
  notional: money(position.notional),
  isolatedWallet: money(position.isolatedWallet),
  initialMargin: money(position.initialMargin),
  maintMargin: money(position.maintenanceMargin),
  updateTime: position.updatedAt,
})

/** `GET /fapi/v3/account`: positions that are not flat, and symbols with open orders (binance-ccxt-facts §3.4). */
export const accountJson = (account: AccountView, placesIn: PlacesIn): object => ({
  ...totals(account),
  assets: [assetJson(account), ...feeAssetJson(account)],
  positions: account.positions.map((one) => positionInAccount(one, placesIn(one.symbol))),
})

/** `GET /fapi/v2/account`: every symbol, with its settings. `positions`: of all symbols. */
export const oldAccountJson = (
  account: AccountView,
  positions: readonly PositionView[],
  placesIn: PlacesIn,
): object => ({
  feeTier: 0,
  feeBurn: false,
  canTrade: !account.restricted,
  canDeposit: true,
  canWithdraw: true,
  updateTime: 0,
  multiAssetsMargin: false,
  tradeGroupId: -1,
  ...totals(account),
  assets: [
    { ...assetJson(account), marginAvailable: true },
    ...feeAssetJson(account).map((asset) => Object.assign(asset, { marginAvailable: false })),
  ],
  positions: positions.map((position) => ({
    ...positionInAccount(position, placesIn(position.symbol)),
    positionInitialMargin: money(position.positionInitialMargin),
    openOrderInitialMargin: money(position.openOrderInitialMargin),
    leverage: String(position.leverage),
    isolated: position.marginType === 'ISOLATED',
    entryPrice: padded(position.entryPrice, placesIn(position.symbol).price),
    breakEvenPrice: padded(position.breakEvenPrice, placesIn(position.symbol).price),
    maxNotional: position.maxNotional,
    bidNotional: money(position.bidNotional),
    askNotional: money(position.askNotional),
  })),
})

const balanceRow = (
  account: AccountView,
  row: Readonly<Record<'asset' | 'wallet' | 'cross' | 'gain' | 'free' | 'most', string>>,
): object => ({
  accountAlias: aliasOf(account.account),
  asset: row.asset,
  balance: money(row.wallet),
  crossWalletBalance: money(row.cross),
  crossUnPnl: money(row.gain),
  availableBalance: money(row.free),
  maxWithdrawAmount: money(row.most),
  marginAvailable: row.asset === account.balance.asset,
  updateTime: timeOf(account),
})

/** `GET /fapi/v3/balance` and v2. */
export const balanceJson = (account: AccountView): readonly object[] => {
  const { balance, feeAsset } = account
  const margin = balanceRow(account, {
    asset: balance.asset,
    wallet: balance.walletBalance,
    cross: balance.crossWalletBalance,
    gain: balance.crossUnrealizedPnl,
    free: balance.availableBalance,
    most: balance.maxWithdraw,
  })
  if (feeAsset === null) return [margin]
  const { asset, walletBalance: all } = feeAsset
  const fees = balanceRow(account, {
    asset,
    wallet: all,
    cross: all,
    gain: '0',
    free: all,
    most: all,
  })
  return [margin, fees]
}

/** A short code that names an account and tells nothing about it. */
const aliasOf = (account: string): string => {
  let hash = 7
  for (let i = 0; i < account.length; i++)
    hash = (hash * 31 + account.charCodeAt(i)) % 0x1_0000_0000
  return hash.toString(36).padStart(7, 'S')
}

/** `GET /fapi/v3/positionRisk`. */
export const positionRiskJson = (position: PositionView, places: Places): object => ({
  symbol: position.symbol,
  positionSide: position.positionSide,
  positionAmt: padded(position.quantity, places.quantity),
  entryPrice: padded(position.entryPrice, places.price),
  breakEvenPrice: padded(position.breakEvenPrice, places.price),
  markPrice: money(position.markPrice),
  unRealizedProfit: money(position.unrealizedPnl),
  liquidationPrice: position.liquidationPrice,
  isolatedMargin: money(position.isolatedMargin),
  notional: money(position.notional),
  marginAsset: position.marginAsset,
  isolatedWallet: money(position.isolatedWallet),
  initialMargin: money(position.initialMargin),
  maintMargin: money(position.maintenanceMargin),
  positionInitialMargin: money(position.positionInitialMargin),
  openOrderInitialMargin: money(position.openOrderInitialMargin),
  adl: position.adl,
  bidNotional: money(position.bidNotional),
  askNotional: money(position.askNotional),
  updateTime: position.updatedAt,
})

/** `GET /fapi/v2/positionRisk`: with leverage and margin type, as text in its own spelling. */
export const oldPositionRiskJson = (position: PositionView, places: Places): object => ({
  symbol: position.symbol,
  positionAmt: padded(position.quantity, places.quantity),
  entryPrice: padded(position.entryPrice, places.price),
  breakEvenPrice: padded(position.breakEvenPrice, places.price),
  markPrice: money(position.markPrice),
  unRealizedProfit: money(position.unrealizedPnl),
  liquidationPrice: position.liquidationPrice,
  leverage: String(position.leverage),
  maxNotionalValue: position.maxNotional,
  marginType: position.marginType === 'ISOLATED' ? 'isolated' : 'cross',
  isolatedMargin: money(position.isolatedMargin),
  isAutoAddMargin: 'false',
  positionSide: position.positionSide,
  notional: money(position.notional),
  isolatedWallet: money(position.isolatedWallet),
  updateTime: position.updatedAt,
})
