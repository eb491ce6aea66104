import type { OrderType, Side } from '@tapedeck/contracts'
import type { AccountState } from '../accounts/account-state.ts'
import type { Holding } from '../accounts/holding.ts'
import type {
  ConditionalOrderType,
  ExpiryReason,
  PlainOrderStatus,
  PlainOrderType,
  PositionSideName,
  PriceMatch,
  SelfTradePrevention,
  TimeInForce,
  WorkingType,
} from './order-types.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/** What an order carries of the conditional order that it was. */
export type TriggeredFrom = {
  readonly algoId: number
  readonly type: ConditionalOrderType
  readonly stopTicks: number
  readonly activateTicks: number | null
  readonly callbackRate: string | null
  readonly workingType: WorkingType
  readonly priceProtect: boolean
  readonly closePosition: boolean
}

/** Which part of the exchange an order belongs to: `TRADE` of a client, or the exchange's own closing. */
export type OrderOrigin = 'CLIENT' | 'LIQUIDATION' | 'DELEVERAGING' | 'SETTLEMENT'

/** An order of an account. Mutable: it belongs to one exchange. */
export type ClientOrder = {
  readonly account: AccountState
  readonly market: SymbolMarket
  readonly holding: Holding
  readonly orderId: number
  readonly clientOrderId: string
  readonly side: Side
  readonly positionSide: PositionSideName
  readonly type: PlainOrderType
  readonly timeInForce: TimeInForce
  /** Takes no more than the position; closing orders of hedge mode do so too. */
  readonly reduceOnly: boolean
  readonly priceMatch: PriceMatch
  readonly selfTradePrevention: SelfTradePrevention
  readonly goodTillDate: number
  readonly origin: OrderOrigin
  readonly triggered: TriggeredFrom | null
  readonly createdAt: number
  /** What it is matched by: for a market order, the price is the furthest that it may go. */
  ticket: {
    readonly side: Side
    readonly type: OrderType
    readonly priceTicks: number | null
    readonly stopTicks: null
  }
  lots: number
  leaves: number
  filledTickLots: number
  status: PlainOrderStatus
  expiryReason: ExpiryReason
  /** When it came into the book, or was amended: prints from before do nothing to it. */
  since: number
  queueAhead: number | null
  taker: boolean
  amendments: number
  modifyId: number | null
  updatedAt: number
  /** Tick-lots that it counts for in its holding's open buys or sells. */
  reserved: number
  resting: boolean
  /** Somebody makes it fail: no more lots than this fill, and the rest stays for ever, or expires. */
  cap: { readonly lots: number; readonly rest: 'stay' | 'expire' } | null
}

export const isOpen = (order: ClientOrder): boolean =>
  order.status === 'NEW' || order.status === 'PARTIALLY_FILLED'

/** STP goes by the taker's mode, and is not in force with FOK (Binance USD-M docs, New Order, STP FAQ). */
export const preventsSelfTrade = ({
  selfTradePrevention,
  timeInForce,
}: Pick<ClientOrder, 'selfTradePrevention' | 'timeInForce'>): boolean =>
  selfTradePrevention !== 'NONE' && timeInForce !== 'FOK'

/** Lots that may still fill, by the order itself. */
export const lotsFree = ({ lots, leaves, cap }: ClientOrder): number =>
  cap === null ? leaves : Math.max(0, cap.lots - (lots - leaves))
