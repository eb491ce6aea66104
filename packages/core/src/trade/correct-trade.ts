import type { CorrectionRequested } from '@tapedeck/contracts'
import { toDecimalString } from '../decimal/index.ts'
import { decimalToSteps } from '../market/index.ts'
import { feeOf } from '../matching/index.ts'
import {
  isTerminal,
  type InstrumentGrid,
  type OrderDraft,
  type OrderRecord,
} from '../order/index.ts'
import type { VenueLink } from './desk-venue.ts'
import type { Filled } from './describe-fill.ts'
import type { OrderDesk } from './order-desk.ts'
import { leftoverDraft } from './leftover-order.ts'
import { refusedOnPaper } from './refusal.ts'
import type { ReportBook } from './report-book.ts'
import type { TradeKeeper } from './trade-keeper.ts'
import { openLots } from './trade-record.ts'

/** What a correction is carried out with. */
export type CorrectionTools = {
  readonly grid: InstrumentGrid
  readonly orders: OrderDesk
  readonly keeper: TradeKeeper | null
  readonly engine: VenueLink & { readonly lastTicks: number | null }
  /** Of a live venue; null on paper. */
  readonly reports: ReportBook | null
  readonly takerFeePercent: number
  readonly report: (problem: string) => void
  readonly fill: (order: OrderRecord, event: Filled) => void
  readonly at: number
}

/** The same fill may have come by a report meanwhile, or may still come: it counts once by its id. */
const applyToldFill = (
  correction: CorrectionRequested,
  reports: ReportBook,
  { quoteAsset }: InstrumentGrid,
  at: number,
): void => {
  const { fill_id, quantity, price, client_order_id, side, fee, fee_asset } = correction
  if (fill_id === null || quantity === null || price === null) return
  const amounts = { quantity, price, fee: fee ?? '0', fee_asset: fee_asset ?? quoteAsset }
  const about = { fill_id, client_order_id, side, venue_order_id: null, at: null }
  reports.bookFill({ ...about, ...amounts, liquidity: 'TAKER' }, at)
}

/** A fill that the venue's books tell and the event stream did not. */
const applyMissedFill = (correction: CorrectionRequested, tools: CorrectionTools): void => {
  const { grid, orders, at } = tools
  if (tools.reports !== null) return applyToldFill(correction, tools.reports, grid, at)
  const order = orders.get(correction.client_order_id ?? '')
  const lots = decimalToSteps(correction.quantity ?? '', grid.lot)
  const ticks = decimalToSteps(correction.price ?? '', grid.tick)
  if (order === undefined || lots === null || ticks === null) {
    tools.report(`correction ${correction.correction_id}: the fill fits no order of ours`)
    return
  }
  const fee =
    correction.fee ?? toDecimalString(feeOf(lots * ticks, grid.tickLot, tools.takerFeePercent))
  tools.fill(order, {
    kind: 'filled',
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId ?? '',
    at,
    fillId: correction.fill_id ?? correction.correction_id,
    lots,
    priceTicks: ticks,
    leavesLots: order.lots - order.filledLots - lots,
    liquidity: 'TAKER',
    fee,
  })
}

/**
 * The venue holds nothing of what we have open, and no fill tells how it went: the books are closed by
 * one exit of our own making, marked as such, so that every later sum still comes from fills.
 */
const closeFromFills = (correction: CorrectionRequested, tools: CorrectionTools): void => {
  const { keeper, grid, orders, engine, at } = tools
  if (keeper === null || keeper.trade.tradeId !== correction.trade_id) return
  const { trade } = keeper
  const open = openLots(trade)
  if (open === 0) return
  // Below nothing when an exit was told and the entry that it closed never was.
  const [role, lots] = open > 0 ? (['EXIT', open] as const) : (['ENTRY', -open] as const)
  const named = correction.price === null ? null : decimalToSteps(correction.price, grid.tick)
  const ticks = named ?? engine.lastTicks ?? trade.plannedTicks
  keeper.requestExit('RECONCILED', 'the venue does not hold the position', at)
  trade.exitReason = 'RECONCILED'
  const id = keeper.nextId(role)
  const away = trade.plan.side === 'BUY' ? 'SELL' : 'BUY'
  const draft: OrderDraft = {
    clientOrderId: id,
    tradeId: trade.tradeId,
    role,
    side: open > 0 ? away : trade.plan.side,
    type: 'MARKET',
    lots,
    priceTicks: null,
    stopTicks: null,
    reduceOnly: open > 0,
  }
  const note = { setupId: trade.plan.setup_id, basis: null, expectedTicks: null }
  // On paper the order is told as if it had been sent; a courier would send it.
  if (tools.reports === null) orders.record(draft, note, at)
  else orders.recordQuietly(draft, note, at)
  const order = orders.get(id)
  if (order === undefined) return
  tools.fill(order, {
    kind: 'filled',
    clientOrderId: id,
    venueOrderId: '',
    at,
    fillId: correction.correction_id,
    lots,
    priceTicks: ticks,
    leavesLots: 0,
    liquidity: 'TAKER',
    fee: '0',
  })
}

/** An order whose outcome was not known, or that the venue does not list: what the venue says of it. */
const resolveOrder = (correction: CorrectionRequested, tools: CorrectionTools): void => {
  const order = tools.orders.get(correction.client_order_id ?? '')
  if (order === undefined || isTerminal(order.status)) return
  const { clientOrderId: id, status } = order
  const open = correction.quantity !== null
  const sent = status === 'SUBMITTED' || status === 'UNKNOWN'
  if (open && !sent) return
  const to = open ? 'ACCEPTED' : sent ? 'REJECTED' : 'CANCELED'
  const reason = open ? 'resting at the venue' : 'not at the venue'
  const applied = tools.orders.apply(id, { kind: 'status', to, at: tools.at, reason })
  if (applied !== null && to === 'REJECTED')
    tools.keeper?.onRefused(order, refusedOnPaper(reason), tools.at)
}

/** An order of ours that rests at the venue although our books are done with it: the cancel is an intent again. */
const cancelLeftover = (
  correction: CorrectionRequested,
  { orders, grid, at }: CorrectionTools,
): void => {
  const draft = leftoverDraft(correction, grid)
  if (draft === null) return
  orders.recordQuietly(draft, { setupId: null, basis: null, expectedTicks: null }, at)
  orders.cancel(draft.clientOrderId, 'left over at the venue', false, at)
}

/**
 * Carries out what reconciliation asks about a trade or its orders. Protection that is marked as gone
 * is placed anew by the trade itself, at the price that it has on record.
 */
export const correctTrade = (correction: CorrectionRequested, tools: CorrectionTools): void => {
  const { grid, orders, keeper, engine, at } = tools
  const id = correction.client_order_id
  switch (correction.correction) {
    case 'RECREATE_EXIT': {
      const missing = orders.get(id ?? '')
      if (missing !== undefined && !isTerminal(missing.status))
        orders.apply(missing.clientOrderId, {
          kind: 'status',
          to: 'CANCELED',
          at,
          reason: 'missing at the venue',
        })
      break
    }
    case 'RESIZE_PROTECTION': {
      const lots = decimalToSteps(correction.quantity ?? '', grid.lot)
      if (keeper !== null && lots !== null && lots > 0) keeper.trade.protectLots = lots
      break
    }
    case 'CANCEL_ORDER': {
      if (id === null) break
      const ours = orders.get(id)
      if (ours !== undefined && !isTerminal(ours.status))
        orders.cancel(id, 'asked for by reconciliation', false, at)
      else if (tools.reports === null) engine.cancel(id, at)
      else cancelLeftover(correction, tools)
      break
    }
    case 'CLOSE_FROM_FILLS':
      closeFromFills(correction, tools)
      break
    case 'APPLY_FILL':
      applyMissedFill(correction, tools)
      break
    case 'RESOLVE_ORDER':
      resolveOrder(correction, tools)
      break
    case 'PLACE_EMERGENCY_STOP':
      break
  }
}
