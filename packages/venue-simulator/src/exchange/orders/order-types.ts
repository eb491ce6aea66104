import type { Side } from '@tapedeck/contracts'

export type PlainOrderType = 'LIMIT' | 'MARKET'
export type ConditionalOrderType =
  | 'STOP'
  | 'STOP_MARKET'
  | 'TAKE_PROFIT'
  | 'TAKE_PROFIT_MARKET'
  | 'TRAILING_STOP_MARKET'
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTX' | 'GTD'
export type PositionSideName = 'BOTH' | 'LONG' | 'SHORT'
export type SelfTradePrevention = 'NONE' | 'EXPIRE_TAKER' | 'EXPIRE_MAKER' | 'EXPIRE_BOTH'
export type WorkingType = 'CONTRACT_PRICE' | 'MARK_PRICE'
export type PriceMatch =
  | 'NONE'
  | 'OPPONENT'
  | 'OPPONENT_5'
  | 'OPPONENT_10'
  | 'OPPONENT_20'
  | 'QUEUE'
  | 'QUEUE_5'
  | 'QUEUE_10'
  | 'QUEUE_20'

export type PlainOrderStatus =
  | 'NEW'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'EXPIRED_IN_MATCH'

/**
 * Why an order expired, as Binance numbers it (`er`): 0 did not, 1 self-trade prevention, 2 IOC remainder,
 * 3 the same of an IOC order, by self-trade prevention, 4 reduce-only knocked out, 5 account liquidated, 7 symbol delisted, 9 market order ran out of book.
 */
export type ExpiryReason = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

/** An order as it is sent. Decimals as text, unchecked; what is left out has Binance's default. */
export type NewOrder = {
  readonly symbol: string
  readonly side: Side
  readonly type: PlainOrderType
  readonly quantity: string
  readonly price?: string
  /** Needed for LIMIT. */
  readonly timeInForce?: TimeInForce
  /** Made by the exchange when absent. */
  readonly clientOrderId?: string
  /** Default BOTH in one-way mode; in hedge mode LONG or SHORT must be given. */
  readonly positionSide?: PositionSideName
  readonly reduceOnly?: boolean
  readonly selfTradePrevention?: SelfTradePrevention
  readonly priceMatch?: PriceMatch
  /** GTD only, ms. */
  readonly goodTillDate?: number
}

export type AmendOrder = {
  readonly side: Side
  readonly quantity: string
  readonly price?: string
  readonly priceMatch?: PriceMatch
  readonly modifyId?: number
  /** Only compared with the order's own. */
  readonly reduceOnly?: boolean
}

export type NewConditional = {
  readonly symbol: string
  readonly side: Side
  readonly type: ConditionalOrderType
  /** Absent with `closePosition`. */
  readonly quantity?: string
  /** STOP and TAKE_PROFIT: price of the limit order that it becomes. */
  readonly price?: string
  /** All but TRAILING_STOP_MARKET. */
  readonly triggerPrice?: string
  /** TRAILING_STOP_MARKET: default is the price of now. */
  readonly activatePrice?: string
  /** TRAILING_STOP_MARKET: percent, 0.1 to 20. */
  readonly callbackRate?: string
  readonly workingType?: WorkingType
  readonly timeInForce?: TimeInForce
  readonly clientAlgoId?: string
  readonly positionSide?: PositionSideName
  readonly reduceOnly?: boolean
  readonly closePosition?: boolean
  readonly priceProtect?: boolean
  readonly priceMatch?: PriceMatch
  readonly selfTradePrevention?: SelfTradePrevention
  readonly goodTillDate?: number
}

/** Names an order by one of its ids. Ids rise by symbol, client ids are unique only among open orders. */
export type OrderKey = { readonly orderId: number } | { readonly clientOrderId: string }
export type ConditionalKey = { readonly algoId: number } | { readonly clientAlgoId: string }

/** An order as the exchange remembers it. Decimals are canonical (`0.01`, `0`); times in ms. */
export type OrderView = {
  readonly symbol: string
  readonly orderId: number
  readonly clientOrderId: string
  readonly side: Side
  readonly positionSide: PositionSideName
  readonly type: PlainOrderType
  /** The type that it was sent as: a conditional type for what a conditional order became. */
  readonly originalType: PlainOrderType | ConditionalOrderType
  readonly timeInForce: TimeInForce
  readonly status: PlainOrderStatus
  readonly price: string
  readonly quantity: string
  readonly executedQuantity: string
  /** Quote amount of all fills. */
  readonly cumulativeQuote: string
  /** `0` without a fill. */
  readonly averagePrice: string
  readonly reduceOnly: boolean
  readonly closePosition: boolean
  /** Trigger price of the conditional order that it was, else `0`. */
  readonly stopPrice: string
  readonly activatePrice: string | null
  readonly callbackRate: string | null
  readonly workingType: WorkingType
  readonly priceProtect: boolean
  readonly priceMatch: PriceMatch
  readonly selfTradePrevention: SelfTradePrevention
  /** 0 when none. */
  readonly goodTillDate: number
  readonly expiryReason: ExpiryReason
  /** Of the last amendment that named one. */
  readonly modifyId: number | null
  /** The conditional order that it was. */
  readonly algoId: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

export type ConditionalStatus =
  | 'NEW'
  | 'TRIGGERING'
  | 'TRIGGERED'
  | 'FINISHED'
  | 'CANCELED'
  | 'REJECTED'
  | 'EXPIRED'

export type ConditionalView = {
  readonly symbol: string
  readonly algoId: number
  readonly clientAlgoId: string
  readonly side: Side
  readonly positionSide: PositionSideName
  readonly type: ConditionalOrderType
  readonly timeInForce: TimeInForce
  readonly status: ConditionalStatus
  /** `0` with `closePosition`. */
  readonly quantity: string
  readonly price: string
  readonly triggerPrice: string
  readonly activatePrice: string | null
  readonly callbackRate: string | null
  /** Trailing: the activation price was reached. Null for every other type. */
  readonly activated: boolean | null
  readonly workingType: WorkingType
  readonly reduceOnly: boolean
  readonly closePosition: boolean
  readonly priceProtect: boolean
  readonly priceMatch: PriceMatch
  readonly selfTradePrevention: SelfTradePrevention
  readonly goodTillDate: number
  /** The order that it became; null until TRIGGERED. */
  readonly orderId: number | null
  /** Average price and quantity that the order filled; `0` until there is one. */
  readonly averagePrice: string
  readonly executedQuantity: string
  /** What it became; null until TRIGGERED. */
  readonly orderType: PlainOrderType | null
  /** Why it was rejected, in words; empty otherwise. */
  readonly reason: string
  readonly createdAt: number
  readonly updatedAt: number
  /** 0 until triggered. */
  readonly triggeredAt: number
}

/** A trade of an account, by its own side of it. */
export type UserTrade = {
  readonly symbol: string
  /** The exchange's trade id: the same that the public stream tells, 1 by 1 for a symbol. */
  readonly id: number
  readonly orderId: number
  readonly clientOrderId: string
  readonly side: Side
  readonly positionSide: PositionSideName
  readonly price: string
  readonly quantity: string
  readonly quote: string
  readonly realizedPnl: string
  /** `0` for liquidation and deleveraging; negative is a rebate. */
  readonly commission: string
  readonly commissionAsset: string
  readonly maker: boolean
  readonly time: number
}
