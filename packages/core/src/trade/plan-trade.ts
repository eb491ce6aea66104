import type { OrderRole, OrderType } from '@tapedeck/contracts'
import { isTerminal, leavesLots, type OrderRecord } from '../order/index.ts'
import { openLots, type StopBasis, type TradeRecord } from './trade-record.ts'

/** What the trade wants of the venue now. Exits are always reduce-only. */
export type TradeAction =
  | {
      readonly kind: 'submit'
      readonly role: OrderRole
      readonly type: OrderType
      readonly lots: number
      readonly stopTicks: number | null
      readonly basis: StopBasis | null
    }
  | { readonly kind: 'cancel'; readonly clientOrderId: string; readonly reason: string }

/** What of the venue the plan depends on. */
export type VenueView = {
  /** A live venue may take long to answer: an exit that is under way does not keep the rest waiting. */
  readonly isRemote: boolean
  /** A stop or target was set off and has not come to an end for too long. */
  readonly isStuck: boolean
}
const ON_PAPER: VenueView = { isRemote: false, isStuck: false }
const PROTECTS: ReadonlySet<OrderRole> = new Set(['STOP', 'TARGET', 'EMERGENCY_STOP'])

/** A venue that keeps refusing a take-profit is asked this often; the stop protects without it. */
const TARGET_ATTEMPTS_MAX = 3
/** A venue that keeps refusing a market exit is asked this often; then reconciliation has to tell. */
export const EXIT_ATTEMPTS_MAX = 10

/** Acknowledged by the venue and not on its way out. */
export const isHeld = (order: OrderRecord): boolean =>
  !order.cancelRequested && (order.status === 'ACCEPTED' || order.status === 'PARTIALLY_FILLED')

/** The name of why an entry is canceled when its time has passed: such an order ends EXPIRED. */
export const ENTRY_TTL_PASSED = 'time to live passed'

const planEntry = (
  trade: TradeRecord,
  live: readonly OrderRecord[],
  now: number,
): TradeAction[] => {
  const entry = live.find((order) => order.role === 'ENTRY' && !order.cancelRequested)
  if (entry === undefined) return []
  const { clientOrderId } = entry
  if (trade.exitReason !== null)
    return [{ kind: 'cancel', clientOrderId, reason: 'the trade is being closed' }]
  if (trade.entryCancelReason !== null)
    return [{ kind: 'cancel', clientOrderId, reason: trade.entryCancelReason }]
  if (now >= trade.entryDeadline)
    return [{ kind: 'cancel', clientOrderId, reason: ENTRY_TTL_PASSED }]
  return []
}

/**
 * One kind of protection brought to what it should be. At most one order of a kind is on its way at
 * a time; the one that it replaces is canceled only when the new one is acknowledged, so that there is
 * never less than there was.
 */
const planProtection = (
  live: readonly OrderRecord[],
  wanted: {
    role: 'STOP' | 'TARGET'
    type: OrderType
    lots: number
    stopTicks: number
    basis: StopBasis | null
  },
): TradeAction[] => {
  const mine = live.filter((order) => order.role === wanted.role && !order.cancelRequested)
  const right = mine.find(
    (order) => order.stopTicks === wanted.stopTicks && leavesLots(order) === wanted.lots,
  )
  if (right === undefined) {
    const underWay = mine.some(({ status }) => status === 'SUBMITTED' || status === 'UNKNOWN')
    return underWay ? [] : [{ kind: 'submit', ...wanted }]
  }
  if (!isHeld(right)) return []
  return mine
    .filter((order) => order !== right)
    .map(({ clientOrderId }) => ({ kind: 'cancel', clientOrderId, reason: 'replaced' }))
}

/** A market exit for all that is open, unless something is already closing it. */
const planExit = (
  trade: TradeRecord,
  live: readonly OrderRecord[],
  open: number,
  now: number,
  venue: VenueView,
): TradeAction[] => {
  const exits = live.filter(({ role }) => role === 'EXIT')
  const fills = live.some(({ role, filledLots }) => PROTECTS.has(role) && filledLots > 0)
  const asked = exits.reduce((sum, exit) => sum + leavesLots(exit), 0)
  const lots = venue.isRemote ? open - asked : open
  const underWay = exits.length > 0 && (!venue.isRemote || lots <= 0)
  if (underWay || (fills && !venue.isStuck) || trade.exitAttempts >= EXIT_ATTEMPTS_MAX) return []
  if (trade.exitRetryAt !== null && now < trade.exitRetryAt) return []
  return [{ kind: 'submit', role: 'EXIT', type: 'MARKET', lots, stopTicks: null, basis: null }]
}

/**
 * What a trade needs of the venue, from the trade and its orders alone. Asking again without a change
 * in between gives nothing new once the actions are carried out.
 *
 * - Entry: canceled at its time to live, and as soon as the trade is on its way out.
 * - Open: a stop for exactly what is open, then a target for the same. Resized as more fills.
 * - Leaving: a market exit for what is open, unless a stop or target is filling and not stuck; stop and target stay until the position is flat.
 * - Flat after an exit: whatever is left is canceled.
 */
export const planTrade = (
  trade: TradeRecord,
  orders: readonly OrderRecord[],
  now: number,
  venue: VenueView = ON_PAPER,
): TradeAction[] => {
  const live = orders.filter(({ status }) => !isTerminal(status))
  const actions = planEntry(trade, live, now)
  const open = openLots(trade)
  // An exit was told before the entry that it closes: the rest of the news is on its way.
  if (open < 0) return actions
  if (open === 0) {
    if (trade.exitReason === null) return actions
    const rest = live.filter((order) => order.role !== 'ENTRY' && !order.cancelRequested)
    return actions.concat(
      rest.map(({ clientOrderId }) => ({
        kind: 'cancel',
        clientOrderId,
        reason: 'the position is closed',
      })),
    )
  }
  if (trade.exitReason !== null) return actions.concat(planExit(trade, live, open, now, venue))
  if (now < (trade.protectRetryAt ?? 0)) return actions
  const lots = trade.protectLots ?? open
  const stop = planProtection(live, {
    role: 'STOP',
    type: 'STOP_MARKET',
    lots,
    stopTicks: trade.stopTicks,
    basis: trade.stopBasis,
  })
  if (trade.targetRejections >= TARGET_ATTEMPTS_MAX) return actions.concat(stop)
  const target = planProtection(live, {
    role: 'TARGET',
    type: 'TAKE_PROFIT_MARKET',
    lots,
    stopTicks: trade.targetTicks,
    basis: null,
  })
  return actions.concat(stop, target)
}
