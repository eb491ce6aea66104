import type { MarginType } from './accounts/account-types.ts'
import type {
  AggregateTrade,
  BookTickerView,
  LevelView,
  LiquidationView,
  PremiumIndex,
  PublicTrade,
} from './market/market-types.ts'
import type {
  ConditionalView,
  OrderView,
  PositionSideName,
  UserTrade,
} from './orders/order-types.ts'

/** Every event of an exchange: numbered without a gap over all kinds, in the order of cause and effect. */
type Told = {
  readonly sequence: number
  /** By the exchange's clock, ms; never falls. */
  readonly time: number
}

export type ExecutionType = 'NEW' | 'CANCELED' | 'CALCULATED' | 'EXPIRED' | 'TRADE' | 'AMENDMENT'

/** `m` of ACCOUNT_UPDATE (binance-ccxt-facts §3.6). */
export type BalanceCause =
  | 'DEPOSIT'
  | 'WITHDRAW'
  | 'ORDER'
  | 'FUNDING_FEE'
  | 'ADJUSTMENT'
  | 'INSURANCE_CLEAR'
  | 'MARGIN_TRANSFER'
  | 'MARGIN_TYPE_CHANGE'

export type BalanceChange = {
  readonly asset: string
  readonly walletBalance: string
  readonly crossWalletBalance: string
  /** What changed apart from P&L and commission. */
  readonly change: string
}

export type PositionChange = {
  readonly symbol: string
  readonly positionSide: PositionSideName
  readonly quantity: string
  readonly entryPrice: string
  readonly breakEvenPrice: string
  readonly accumulatedRealized: string
  readonly unrealizedPnl: string
  readonly marginType: MarginType
  readonly isolatedWallet: string
}

export type MarginCallPosition = {
  readonly symbol: string
  readonly positionSide: PositionSideName
  readonly quantity: string
  readonly marginType: MarginType
  readonly isolatedWallet: string
  readonly markPrice: string
  readonly unrealizedPnl: string
  readonly maintenanceMargin: string
}

export type PublicEvent = Told &
  (
    | { readonly kind: 'trade'; readonly trade: PublicTrade }
    | { readonly kind: 'aggregate_trade'; readonly trade: AggregateTrade }
    | {
        readonly kind: 'depth'
        readonly symbol: string
        /** `U`, `u` and `pu`: each event goes on where the last one ended. */
        readonly firstId: number
        readonly lastId: number
        readonly previousId: number
        /** Absolute quantities of the levels that changed; `0` is gone. */
        readonly bids: readonly LevelView[]
        readonly asks: readonly LevelView[]
      }
    | { readonly kind: 'book_ticker'; readonly ticker: BookTickerView }
    | { readonly kind: 'mark'; readonly premium: PremiumIndex }
    | { readonly kind: 'liquidation'; readonly liquidation: LiquidationView }
    | { readonly kind: 'symbol_status'; readonly symbol: string; readonly status: string }
  )

export type PrivateEvent = Told & { readonly account: string } & (
    | {
        readonly kind: 'order'
        readonly execution: ExecutionType
        readonly order: OrderView
        /** With TRADE and CALCULATED. */
        readonly fill: UserTrade | null
      }
    | { readonly kind: 'conditional'; readonly conditional: ConditionalView }
    | {
        readonly kind: 'balance'
        readonly cause: BalanceCause
        readonly balances: readonly BalanceChange[]
        /** Only positions that changed; none for funding of a cross position. */
        readonly positions: readonly PositionChange[]
        /** FUNDING_FEE: of which symbol. */
        readonly symbol: string | null
      }
    | {
        readonly kind: 'margin_call'
        /** Null where the call is for an isolated position. */
        readonly crossWalletBalance: string | null
        readonly positions: readonly MarginCallPosition[]
      }
    | { readonly kind: 'leverage'; readonly symbol: string; readonly leverage: number }
    | { readonly kind: 'position_mode'; readonly hedgeMode: boolean }
  )

export type ExchangeEvent = PublicEvent | PrivateEvent

/** True for what only the named account may see. */
export const isPrivate = (event: ExchangeEvent): event is PrivateEvent => 'account' in event
