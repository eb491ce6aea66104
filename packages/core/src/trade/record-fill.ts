import type { ExitReason } from '@tapedeck/contracts'
import type { OrderRecord } from '../order/index.ts'
import { progressInR } from './stop-rules.ts'
import { openLots, type StopBasis, type TradeRecord } from './trade-record.ts'

const STOP_EXIT: Readonly<Record<StopBasis, ExitReason>> = {
  initial: 'STOP',
  break_even: 'BREAK_EVEN',
  trailing: 'TRAILING_STOP',
}

const openTrade = (trade: TradeRecord, ticks: number, at: number): void => {
  trade.openedAt = at
  trade.lowTicks = ticks
  trade.highTicks = ticks
  trade.status = 'OPEN'
}

const exitReasonOf = (
  trade: TradeRecord,
  role: OrderRecord['role'],
  basis: StopBasis,
): ExitReason => {
  if (role === 'TARGET') return 'TARGET'
  return role === 'STOP' ? STOP_EXIT[basis] : (trade.exitReason ?? 'MANUAL')
}

/** What filled of an order of the trade. `basis`: where a stop came from. */
export type TradeFill = {
  readonly role: OrderRecord['role']
  readonly basis: StopBasis
  readonly lots: number
  readonly ticks: number
  readonly at: number
}

/**
 * Takes a fill into the trade's quantities: what the entry filled is uncovered from here on, and the
 * first fill of an exit names the way out.
 */
export const recordFill = (
  trade: TradeRecord,
  { role, basis, lots, ticks, at }: TradeFill,
): void => {
  if (role === 'ENTRY') {
    trade.entryLots += lots
    trade.entryTickLots += lots * ticks
    trade.uncovered.push({ lots: openLots(trade), at })
    if (trade.openedAt === null) openTrade(trade, ticks, at)
    return
  }
  if (trade.exitLots === 0) trade.exitReason = exitReasonOf(trade, role, basis)
  trade.exitLots += lots
  trade.exitTickLots += lots * ticks
  trade.lastExitAt = at
  trade.status = 'CLOSING'
}

/** A print while something is open: the extremes that excursions are told from, and follow-through. */
export const seePrice = (
  trade: TradeRecord,
  ticks: number,
  at: number,
  followThroughR: number,
): void => {
  if (openLots(trade) === 0) return
  if (ticks < trade.lowTicks) trade.lowTicks = ticks
  else if (ticks > trade.highTicks) trade.highTicks = ticks
  if (trade.followedAt === null && progressInR(trade, ticks) >= followThroughR)
    trade.followedAt = at
}
