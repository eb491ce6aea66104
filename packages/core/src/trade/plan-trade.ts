import type { OrderRole, OrderType } from '@tapedeck/contracts'
import { isTerminal, leavesLots, type OrderRecord } from '../order/index.ts'
import { isHalfDone, isUnanswered, maySendBeside } from './doubt.ts'
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
/** A paper venue that keeps refusing a market exit is asked this often; a live one as long as something is open. */
export const EXIT_ATTEMPTS_MAX = 10

/** Acknowledged by the venue and not on its way out. */
export const isHeld = (order: OrderRecord): boolean =>
  !order.cancelRequested && (order.status === 'ACCEPTED' || order.status === 'PARTIALLY_FILLED')

/** The name of why an entry is canceled when its time has passed: such an order ends EXPIRED. */
export const ENTRY_TTL_PASSED = 'time to live passed'

/** Why an exit is canceled that the venue leaves half done: an operator is told. */
export const FILLS_NO_FURTHER = 'it fills no further'

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
 * never less than there was. `beside`: now, where another may be sent beside one that is not answered; else null.
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
  beside: number | null,
): TradeAction[] => {
  const mine = live.filter((order) => order.role === wanted.role && !order.cancelRequested)
  const fits = mine.filter(
    (order) => order.stopTicks === wanted.stopTicks && leavesLots(order) === wanted.lots,
  )
  const right = fits.find(isHeld)
  if (right === undefined) {
    const underWay = mine.filter(isUnanswered)
    const isDoubted = beside !== null && underWay.length > 0 && maySendBeside(underWay, beside)
    const waits = fits.length > 0 || underWay.length > 0
    return waits && !isDoubted ? [] : [{ kind: 'submit', ...wanted }]
  }
  return mine
    .filter((order) => order !== right)
    .map(({ clientOrderId }) => ({ kind: 'cancel', clientOrderId, reason: 'replaced' }))
}

/**
 * Exits at a live venue: what none that can be counted on is closing. One that is not answered is not waited for
 * until it cannot arrive any more; one that the venue leaves half done is canceled, and what it left is sent in
 * smaller pieces.
 */
const planFarExit = (
  exits: readonly OrderRecord[],
  open: number,
  now: number,
): { readonly lots: number; readonly cancels: readonly TradeAction[] } => {
  const halfDone = exits.filter((exit) => exit.cancelRequested || isHalfDone(exit, now))
  const unanswered = exits.filter(isUnanswered)
  const isDoubted = unanswered.length > 0 && maySendBeside(unanswered, now)
  const asked = exits
    .filter((exit) => !halfDone.includes(exit) && !(isDoubted && isUnanswered(exit)))
    .reduce((sum, exit) => sum + leavesLots(exit), 0)
  // Piece by piece, the next once the one before is done; of one without any fill it may be the news that is lost.
  const begun = halfDone.filter(({ filledLots }) => filledLots > 0).length
  const pieces = asked > 0 && halfDone.length > 0 ? Infinity : 2 ** Math.min(begun, 10)
  const cancels = halfDone
    .filter(({ cancelRequested }) => !cancelRequested)
    .map(({ clientOrderId }): TradeAction => ({
      kind: 'cancel',
      clientOrderId,
      reason: 'it fills no further',
    }))
  return { lots: Math.ceil(Math.max(0, open - asked) / pieces), cancels }
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
  const far = venue.isRemote ? planFarExit(exits, open, now) : null
  const lots = far?.lots ?? open
  const cancels = far?.cancels ?? []
  const underWay = far === null ? exits.length > 0 : lots === 0
  if (underWay || (fills && !venue.isStuck)) return [...cancels]
  if (far === null && trade.exitAttempts >= EXIT_ATTEMPTS_MAX) return []
  if (trade.exitRetryAt !== null && now < trade.exitRetryAt) return [...cancels]
  return [
    ...cancels,
    { kind: 'submit', role: 'EXIT', type: 'MARKET', lots, stopTicks: null, basis: null },
  ]
}

/**
 * What a trade needs of the venue, from the trade and its orders alone. Asking again without a change
 * in between gives nothing new once the actions are carried out.
 *
 * - Entry: canceled at its time to live, and as soon as the trade is on its way out.
 * - Open: a stop for exactly what is open, then a target for the same. Resized as more fills.
 * - Leaving: a market exit for what is open, unless a stop or target is filling and not stuck; stop and target stay until the position is flat.
 *   At a live venue neither a stop nor an exit waits for one that is not answered (`doubt.ts`).
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
  const wanted = {
    role: 'STOP' as const,
    type: 'STOP_MARKET' as const,
    lots,
    stopTicks: trade.stopTicks,
    basis: trade.stopBasis,
  }
  const stop = planProtection(live, wanted, venue.isRemote ? now : null)
  if (trade.targetRejections >= TARGET_ATTEMPTS_MAX) return actions.concat(stop)
  const target = planProtection(
    live,
    {
      role: 'TARGET',
      type: 'TAKE_PROFIT_MARKET',
      lots,
      stopTicks: trade.targetTicks,
      basis: null,
    },
    null,
  )
  return actions.concat(stop, target)
}
