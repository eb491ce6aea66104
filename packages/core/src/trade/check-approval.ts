import type { SignalApproved, TradingState } from '@tapedeck/contracts'
import { dec, maximum, type Dec } from '../decimal/index.ts'
import { decimalToSteps } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'

/** Why execution does not carry out an approval, in order of precedence. */
export type ApprovalRefusal =
  | 'MARKET_NOT_LIVE'
  | 'TRADING_NOT_ACTIVE'
  | 'NOT_RECONCILED'
  | 'APPROVAL_EXPIRED'
  | 'APPROVAL_ALTERED'
  | 'TRADE_OPEN_IN_SYMBOL'
  | 'POSITION_NOT_OURS'

/** How things stand when the approval is read. */
export type ApprovalContext = {
  readonly now: number
  readonly tradingState: TradingState
  readonly reconciled: boolean
  /** False when a live venue would be traded on from a market that is recorded or generated. */
  readonly marketIsLive: boolean
  readonly tradeOpen: boolean
  readonly orphanHeld: boolean
}

export type ApprovedSteps = {
  readonly lots: number
  readonly entryTicks: number
  readonly stopTicks: number
  readonly targetTicks: number
}

export type ApprovalCheck =
  | { readonly ok: true; readonly steps: ApprovedSteps }
  | { readonly ok: false; readonly refusal: ApprovalRefusal; readonly detail: string }

/** Risk may round its amounts to the cent; nothing larger is a rounding. */
const near = (stated: string, computed: Dec): boolean =>
  dec(stated)
    .minus(computed)
    .abs()
    .lte(maximum(dec('0.01'), computed.times('0.000001')))

/** The order on the grid, or what about it cannot be what risk approved. */
const readOrder = (approval: SignalApproved, grid: InstrumentGrid): ApprovedSteps | string => {
  const { order } = approval
  if (order.venue !== approval.venue || order.symbol !== approval.symbol)
    return `order on ${order.venue} ${order.symbol}, decision on ${approval.venue} ${approval.symbol}`
  if (order.side !== approval.side) return `order side ${order.side}, decision ${approval.side}`
  const lots = decimalToSteps(order.quantity, grid.lot)
  const entryTicks = decimalToSteps(order.entry_price, grid.tick)
  const stopTicks = decimalToSteps(order.stop_price_abs, grid.tick)
  const targetTicks = decimalToSteps(order.target_price_abs, grid.tick)
  if (lots === null || lots <= 0) return `quantity ${order.quantity} is not on the lot grid`
  if (entryTicks === null || entryTicks <= 0) return `entry ${order.entry_price} is not on the grid`
  if (stopTicks === null || stopTicks <= 0) return `stop ${order.stop_price_abs} is not on the grid`
  if (targetTicks === null || targetTicks <= 0)
    return `target ${order.target_price_abs} is not on the grid`
  const sign = order.side === 'BUY' ? 1 : -1
  if (sign * (entryTicks - stopTicks) <= 0) return 'the stop is on the wrong side of the entry'
  if (sign * (targetTicks - entryTicks) <= 0) return 'the target is on the wrong side of the entry'
  const value = (ticks: number): Dec => grid.tickLot.times(ticks).times(lots)
  if (!near(order.notional, value(entryTicks)))
    return `notional ${order.notional} is not quantity times entry`
  if (!near(order.risk_amount, value(Math.abs(entryTicks - stopTicks))))
    return `risk amount ${order.risk_amount} is not quantity times the distance to the stop`
  return { lots, entryTicks, stopTicks, targetTicks }
}

const refuse = (refusal: ApprovalRefusal, detail: string): ApprovalCheck => ({
  ok: false,
  refusal,
  detail,
})

/**
 * Whether an approval may be carried out now. Risk has decided; this holds what may have changed
 * since, and that the numbers of the order still agree with each other: execution takes nothing that
 * was altered or has expired.
 */
export const checkApproval = (
  approval: SignalApproved,
  grid: InstrumentGrid,
  context: ApprovalContext,
): ApprovalCheck => {
  if (!context.marketIsLive)
    return refuse('MARKET_NOT_LIVE', 'a live venue is not traded on from a market that is not live')
  if (context.tradingState !== 'ACTIVE')
    return refuse('TRADING_NOT_ACTIVE', `trading state is ${context.tradingState}`)
  if (!context.reconciled)
    return refuse('NOT_RECONCILED', 'the last comparison with the venue was not clean')
  if (context.now > approval.order.expires_at)
    return refuse(
      'APPROVAL_EXPIRED',
      `expired ${context.now - approval.order.expires_at} ms before it was read`,
    )
  const steps = readOrder(approval, grid)
  if (typeof steps === 'string') return refuse('APPROVAL_ALTERED', steps)
  if (context.tradeOpen) return refuse('TRADE_OPEN_IN_SYMBOL', 'a trade is open in this symbol')
  if (context.orphanHeld)
    return refuse('POSITION_NOT_OURS', 'a position that no trade of ours explains is open here')
  return { ok: true, steps }
}
