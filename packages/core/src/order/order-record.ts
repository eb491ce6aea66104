import type { Order, OrderRole, OrderStatus, OrderType, Side } from '@tapedeck/contracts'
import { stepsToDecimal } from '../market/index.ts'
import { dec, toDecimalString } from '../decimal/index.ts'
import type { InstrumentGrid } from './instrument-grid.ts'

/** An order as we keep it: whole ticks and lots, and what was asked of the venue about it. JSON-safe. */
export type OrderRecord = {
  readonly clientOrderId: string
  readonly venueOrderId: string | null
  readonly tradeId: string
  readonly role: OrderRole
  readonly side: Side
  readonly type: OrderType
  readonly lots: number
  readonly priceTicks: number | null
  readonly stopTicks: number | null
  readonly reduceOnly: boolean
  readonly status: OrderStatus
  readonly filledLots: number
  /** Sum of ticks times lots over the fills, exact: the average price is this over `filledLots`. */
  readonly filledTickLots: number
  /** Stays set when a fill overtakes the cancel, so that it is not asked for twice. */
  readonly cancelRequested: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly reason: string | null
}

/** What a new order is made of; the rest starts empty. */
export type OrderDraft = Pick<
  OrderRecord,
  | 'clientOrderId'
  | 'tradeId'
  | 'role'
  | 'side'
  | 'type'
  | 'lots'
  | 'priceTicks'
  | 'stopTicks'
  | 'reduceOnly'
>

/** A new order in INITIALIZED. Throws a RangeError on a quantity that is not a positive whole number of lots. */
export const createOrder = (draft: OrderDraft, at: number): OrderRecord => {
  if (!Number.isSafeInteger(draft.lots) || draft.lots <= 0)
    throw new RangeError(
      `order ${draft.clientOrderId}: quantity of ${draft.lots} lots, expected a positive integer`,
    )
  return {
    ...draft,
    venueOrderId: null,
    status: 'INITIALIZED',
    filledLots: 0,
    filledTickLots: 0,
    cancelRequested: false,
    createdAt: at,
    updatedAt: at,
    reason: null,
  }
}

/** Lots that can still fill. */
export const leavesLots = (order: OrderRecord): number => order.lots - order.filledLots

/** Average price in quote units, rounded at 18 decimals; null without a fill. */
export const averagePrice = (tickLots: number, lots: number, grid: InstrumentGrid): string | null =>
  lots === 0 ? null : toDecimalString(dec(tickLots).div(lots).times(dec(grid.tickSize)))

/** The order as messages carry it: decimals. */
export const toOrder = (order: OrderRecord, grid: InstrumentGrid): Order => ({
  client_order_id: order.clientOrderId,
  venue_order_id: order.venueOrderId,
  trade_id: order.tradeId,
  role: order.role,
  side: order.side,
  type: order.type,
  quantity: stepsToDecimal(order.lots, grid.lot),
  price: order.priceTicks === null ? null : stepsToDecimal(order.priceTicks, grid.tick),
  stop_price: order.stopTicks === null ? null : stepsToDecimal(order.stopTicks, grid.tick),
  reduce_only: order.reduceOnly,
  status: order.status,
  filled_quantity: stepsToDecimal(order.filledLots, grid.lot),
  average_price: averagePrice(order.filledTickLots, order.filledLots, grid),
  created_at: order.createdAt,
  updated_at: order.updatedAt,
  reason: order.reason,
})
