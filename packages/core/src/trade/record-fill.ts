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
  /** Of others' making: the trade goes on with what is left. */
  readonly keepsRest: boolean
}

/** The way out has its name from the first fill of an exit of ours. */
const leave = (trade: TradeRecord, { role, basis }: TradeFill): void => {
  const isFirst = trade.exitLots === (trade.reducedLots ?? 0)
  if (isFirst) trade.exitReason = exitReasonOf(trade, role, basis)
  trade.status = 'CLOSING'
}

/**
 * Takes a fill into the trade's quantities: what the entry filled is uncovered from here on, and the
 * first fill of an exit of ours names the way out.
 */
export const recordFill = (trade: TradeRecord, fill: TradeFill): void => {
  const { role, lots, ticks, at } = fill
  if (role === 'ENTRY') {
    trade.entryLots += lots
    trade.entryTickLots += lots * ticks
    trade.uncovered.push({ lots: openLots(trade), at })
    if (trade.openedAt === null) openTrade(trade, ticks, at)
    return
  }
  if (fill.keepsRest) {
    trade.reducedLots = (trade.reducedLots ?? 0) + lots
    // What reconciliation knew of the quantity was of before.
    trade.protectLots = null
  } else leave(trade, fill)
  trade.exitLots += lots
  trade.exitTickLots += lots * ticks
  trade.lastExitAt = at
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
