import type { PositionTotals } from '@tapedeck/core'
import type { AccountState } from '../accounts/account-state.ts'
import type { IncomeRow, MarginType } from '../accounts/account-types.ts'
import type { ClientOrder } from '../orders/client-order.ts'
import type { ConditionalOrder } from '../conditional/conditional-order.ts'
import type { PositionSideName, UserTrade } from '../orders/order-types.ts'

/** An order without what it points at: its account is the one that holds it. */
export type SavedOrder = Omit<ClientOrder, 'account' | 'market' | 'holding'> & {
  readonly symbol: string
}

export type SavedConditional = Omit<
  ConditionalOrder,
  'account' | 'market' | 'holding' | 'order'
> & {
  readonly symbol: string
  /** Of the order that it became. */
  readonly orderId: number | null
}

/** Money as decimal text, exact. */
export type SavedHolding = {
  readonly side: PositionSideName
  readonly position: PositionTotals
  readonly isolatedWallet: string
  readonly toRecover: string
  readonly openBuys: number
  readonly openSells: number
  readonly updatedAt: number
  readonly marginCalled: boolean
}

export type SavedStake = {
  readonly symbol: string
  readonly leverage: number
  readonly marginType: MarginType
  /** Those that are as new are left out. */
  readonly holdings: readonly SavedHolding[]
  /** Ids, oldest first. */
  readonly open: readonly number[]
}

export type SavedFeeAsset = {
  readonly asset: string
  readonly price: string
  readonly deposited: string
  readonly balance: string
  readonly paid: string
  readonly burns: boolean
}

export type SavedAccount = Pick<
  AccountState,
  | 'id'
  | 'openedAt'
  | 'makerFeePercent'
  | 'takerFeePercent'
  | 'hedgeMode'
  | 'restricted'
  | 'marginCalled'
  | 'updatedAt'
> & {
  readonly wallet: string
  readonly feeAsset: SavedFeeAsset | null
  readonly stakes: readonly SavedStake[]
  /** Oldest first, as everything here. */
  readonly orders: readonly SavedOrder[]
  /** Orders that nobody can ask for any more, but for what they filled of a conditional order. */
  readonly forgotten: readonly SavedOrder[]
  readonly conditionals: readonly SavedConditional[]
  readonly openConditionals: readonly number[]
  readonly countdowns: readonly (readonly [symbol: string, at: number])[]
  readonly trades: readonly UserTrade[]
  readonly income: readonly IncomeRow[]
}
