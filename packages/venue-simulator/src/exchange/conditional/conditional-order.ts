import type { Side } from '@tapedeck/contracts'
import type { AccountState } from '../accounts/account-state.ts'
import type { ClientOrder } from '../orders/client-order.ts'
import type { Holding } from '../accounts/holding.ts'
import type {
  ConditionalOrderType,
  ConditionalStatus,
  PositionSideName,
  PriceMatch,
  SelfTradePrevention,
  TimeInForce,
  WorkingType,
} from '../orders/order-types.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/** A conditional order of an account. Mutable: it belongs to one exchange. */
export type ConditionalOrder = {
  readonly account: AccountState
  readonly market: SymbolMarket
  readonly holding: Holding
  readonly algoId: number
  readonly clientAlgoId: string
  readonly side: Side
  readonly positionSide: PositionSideName
  readonly type: ConditionalOrderType
  readonly timeInForce: TimeInForce
  /** 0 with `closePosition`: what is held then. */
  readonly lots: number
  readonly priceTicks: number | null
  readonly activateTicks: number | null
  /** Percent. */
  readonly callbackRate: string | null
  readonly workingType: WorkingType
  readonly reduceOnly: boolean
  readonly closePosition: boolean
  readonly priceProtect: boolean
  readonly priceMatch: PriceMatch
  readonly selfTradePrevention: SelfTradePrevention
  readonly goodTillDate: number
  readonly createdAt: number
  /** Trailing: moves with the extreme once it is active; 0 before. */
  triggerTicks: number
  /** Trailing: the best price since it became active. */
  extremeTicks: number | null
  status: ConditionalStatus
  order: ClientOrder | null
  reason: string
  updatedAt: number
  triggeredAt: number
}

/** True where a rising price sets it off: a buy stop, a sell take-profit, a trailing buy. */
export const triggersRising = (type: ConditionalOrderType, side: Side): boolean =>
  (type === 'TAKE_PROFIT' || type === 'TAKE_PROFIT_MARKET') === (side === 'SELL')

/** Binance-ccxt-facts §3.2: at the trigger price is enough. `ticks` may be fractional (mark). */
export const isReached = (rising: boolean, triggerTicks: number, ticks: number): boolean =>
  rising ? ticks >= triggerTicks : ticks <= triggerTicks

/** The trailing trigger: `callbackRate` percent from the extreme, to a whole tick, not nearer. */
const trailingTrigger = (side: Side, extremeTicks: number, callbackRate: string): number => {
  // Rates have at most two digits after the point: thousandths of a percent are exact in integers.
  const rate = Math.round(Number(callbackRate) * 1000)
  return side === 'SELL'
    ? Math.floor((extremeTicks * (100_000 - rate)) / 100_000)
    : Math.ceil((extremeTicks * (100_000 + rate)) / 100_000)
}

/**
 * A price is shown to a conditional order. True when it sets it off. A trailing order first becomes active
 * (`activated` is called), then follows the extreme.
 */
export const showPrice = (
  order: ConditionalOrder,
  ticks: number,
  activated: () => void,
): boolean => {
  if (order.type !== 'TRAILING_STOP_MARKET')
    return isReached(triggersRising(order.type, order.side), order.triggerTicks, ticks)
  const { side } = order
  if (order.extremeTicks === null) {
    const activate = order.activateTicks
    if (activate !== null && (side === 'SELL' ? ticks < activate : ticks > activate)) return false
    order.extremeTicks = ticks
    order.triggerTicks = trailingTrigger(side, ticks, order.callbackRate ?? '0')
    activated()
  }
  if (isReached(side === 'BUY', order.triggerTicks, ticks)) return true
  const best =
    side === 'SELL' ? Math.max(order.extremeTicks, ticks) : Math.min(order.extremeTicks, ticks)
  order.extremeTicks = best
  order.triggerTicks = trailingTrigger(side, best, order.callbackRate ?? '0')
  return false
}
