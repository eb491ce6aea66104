import type { PositionSideName } from '../orders/order-types.ts'

export type MarginType = 'CROSSED' | 'ISOLATED'

/** A position, or a symbol with open orders. Decimals; signed quantities are positive long. */
export type PositionView = {
  readonly symbol: string
  readonly positionSide: PositionSideName
  readonly quantity: string
  readonly entryPrice: string
  /** Where closing at the taker's fee would make up for all fees so far. */
  readonly breakEvenPrice: string
  readonly markPrice: string
  readonly unrealizedPnl: string
  /** Gains and losses that were realized on the symbol so far, before fees. */
  readonly accumulatedRealized: string
  /** `0` when no price could liquidate it. */
  readonly liquidationPrice: string
  readonly marginAsset: string
  readonly marginType: MarginType
  readonly leverage: number
  readonly maxNotional: string
  /** Signed, at the mark. */
  readonly notional: string
  /** Isolated: wallet plus unrealized P&L. `0` for cross. */
  readonly isolatedMargin: string
  readonly isolatedWallet: string
  readonly initialMargin: string
  readonly maintenanceMargin: string
  readonly positionInitialMargin: string
  readonly openOrderInitialMargin: string
  /** Queue for deleveraging: 0 no position, 1 last to 4 first. */
  readonly adl: number
  readonly bidNotional: string
  readonly askNotional: string
  /** 0 when there never was a position. */
  readonly updatedAt: number
}

export type BalanceView = {
  readonly asset: string
  /** All that was deposited, realized, paid and received; without unrealized P&L. */
  readonly walletBalance: string
  readonly crossWalletBalance: string
  readonly crossUnrealizedPnl: string
  readonly unrealizedPnl: string
  readonly marginBalance: string
  readonly maintenanceMargin: string
  readonly initialMargin: string
  readonly positionInitialMargin: string
  readonly openOrderInitialMargin: string
  readonly availableBalance: string
  readonly maxWithdraw: string
  readonly updatedAt: number
}

/** What commissions are paid with instead of the margin asset. */
export type FeeAssetView = {
  readonly asset: string
  readonly walletBalance: string
  /** In the margin asset. */
  readonly price: string
  /** False: it is kept, and commissions are paid in the margin asset. */
  readonly burns: boolean
}

export type SymbolConfig = {
  readonly symbol: string
  readonly marginType: MarginType
  readonly leverage: number
  readonly maxNotional: string
}

export type AccountView = {
  readonly account: string
  readonly openedAt: number
  readonly hedgeMode: boolean
  /** Only orders that reduce are taken. */
  readonly restricted: boolean
  readonly balance: BalanceView
  /** Null where commissions are paid in the margin asset. */
  readonly feeAsset: FeeAssetView | null
  /** Positions that are not flat, and symbols with open orders. */
  readonly positions: readonly PositionView[]
  readonly makerFeePercent: number
  readonly takerFeePercent: number
}

export type IncomeType =
  | 'TRANSFER'
  | 'REALIZED_PNL'
  | 'COMMISSION'
  | 'FUNDING_FEE'
  | 'INSURANCE_CLEAR'

export type IncomeRow = {
  /** Empty for transfers. */
  readonly symbol: string
  readonly type: IncomeType
  /** Signed: negative left the wallet. */
  readonly amount: string
  readonly asset: string
  readonly info: string
  readonly time: number
  readonly id: number
  readonly tradeId: number | null
}

/** All the money there is: `balanced` says that nothing was made or lost. For audits and tests. */
export type MoneyView = {
  readonly deposited: string
  /** Wallets and unrealized P&L at the mark. */
  readonly accounts: string
  readonly fees: string
  readonly insurance: string
  /** What the anonymous market has won from accounts and the fund, at the mark. */
  readonly market: string
  readonly balanced: boolean
}
