import type { ExitReason } from '@tapedeck/contracts'
import { leavesLots, type OrderRecord } from '../order/index.ts'
import { slowExits } from './exit-pace.ts'
import { EXIT_ATTEMPTS_MAX } from './plan-trade.ts'
import { openLots, type StopBasis, type TradeRecord } from './trade-record.ts'

/** An order that ended without all of it filled, and without our having asked for that. */
export type Refusal = {
  readonly ended: 'rejected' | 'expired' | 'canceled'
  readonly reason: string
  /** The venue's own code; null on paper. */
  readonly code: string | null
  /** It never was at the venue, and the same order under a new id may be. */
  readonly mayResend: boolean
  /** The limits in force would let it through so much later; absent where it was not that. */
  readonly retryInMs?: number
  /** It was conditional and its price had been reached. */
  readonly triggered: boolean
  /** A live venue goes on being asked after many refusals, at longer intervals. */
  readonly remote: boolean
}

/** A refusal by the paper venue: final, and for the named reason. */
export const refusedOnPaper = (reason: string): Refusal => ({
  ended: 'rejected',
  reason,
  code: null,
  mayResend: false,
  triggered: false,
  remote: false,
})

export type RefusalTools = {
  /** The acknowledged stop that protects most, and where it comes from. */
  readonly held: () => { readonly order: OrderRecord; readonly basis: StopBasis } | null
  readonly requestExit: (reason: ExitReason, detail: string) => void
  readonly report: (problem: string) => void
}

/** A refused move of the stop, or a refused exit, is not tried again sooner. */
const RETRY_AFTER_MS = 1_000
/** What never was at the venue is planned anew after this, times the attempts so far. */
const RESEND_AFTER_MS = 250
const ENTRY_SENDS_MAX = 3
const STOP_RESENDS_MAX = 5

/** Binance -2021; the paper venue's word for the same. */
const wouldTrigger = ({ code, reason }: Refusal): boolean =>
  code === '-2021' || reason === 'WOULD_TRIGGER_IMMEDIATELY'

const refusedEntry = (trade: TradeRecord, { mayResend }: Refusal, at: number): void => {
  const sends = trade.entrySends ?? 1
  const wanted = trade.exitReason === null && trade.entryCancelReason === null
  if (mayResend && wanted && sends < ENTRY_SENDS_MAX && at < trade.entryDeadline)
    trade.entryRetryAt = at + RESEND_AFTER_MS * sends
}

/** Said at the tenth exit that came to nothing, and whenever that doubles. */
const isWorthTelling = (count: number): boolean =>
  count >= EXIT_ATTEMPTS_MAX && Number.isInteger(Math.log2(count / EXIT_ATTEMPTS_MAX))

const refusedFarExit = (
  trade: TradeRecord,
  order: OrderRecord,
  refusal: Refusal,
  tools: RefusalTools,
  at: number,
): void => {
  // A live venue is asked for an exit as long as something is open: attempts are not what bounds it.
  trade.exitAttempts = 0
  if (order.filledLots > 0 && !refusal.mayResend) {
    // A market order that found no more: what is left is sent at once, and nothing was refused.
    delete trade.refusedExits
    return
  }
  const count = slowExits(trade, refusal, at)
  // One that found nobody to trade with is followed at once by another.
  if (count === 1 && refusal.ended !== 'rejected') trade.exitRetryAt = null
  if (isWorthTelling(count))
    tools.report(
      `trade ${trade.tradeId}: ${count} exits came to nothing since ${trade.refusedExits?.firstAt}, the last: ${refusal.reason}`,
    )
}

const refusedExit = (
  trade: TradeRecord,
  order: OrderRecord,
  refusal: Refusal,
  tools: RefusalTools,
  at: number,
): void => {
  if (refusal.remote) return refusedFarExit(trade, order, refusal, tools, at)
  if (refusal.ended === 'rejected') trade.exitRetryAt = at + RETRY_AFTER_MS * trade.exitAttempts
  if (trade.exitAttempts >= EXIT_ATTEMPTS_MAX)
    tools.report(`trade ${trade.tradeId}: ${trade.exitAttempts} exits were refused`)
}

const refusedTarget = (
  trade: TradeRecord,
  refusal: Refusal,
  tools: RefusalTools,
  at: number,
): void => {
  if (refusal.triggered)
    tools.requestExit('TARGET', `the take-profit triggered without a fill: ${refusal.reason}`)
  else if (wouldTrigger(refusal))
    tools.requestExit('TARGET', 'the price is beyond the target already')
  else if (refusal.ended !== 'canceled') {
    trade.targetRejections += 1
    if (refusal.remote) trade.protectRetryAt = at + RESEND_AFTER_MS * trade.targetRejections
  }
}

/** A stop that is held at the price of the refused one, for all that is open. */
const standsIn = (
  trade: TradeRecord,
  refused: OrderRecord,
  held: OrderRecord,
  refusal: Refusal,
): boolean =>
  held.stopTicks === refused.stopTicks &&
  leavesLots(held) >= openLots(trade) &&
  !wouldTrigger(refusal)

const refusedStop = (
  trade: TradeRecord,
  order: OrderRecord,
  refusal: Refusal,
  tools: RefusalTools,
  at: number,
): void => {
  const { ended, reason } = refusal
  if (refusal.triggered)
    return tools.requestExit('UNPROTECTED', `the stop triggered without a fill: ${reason}`)
  // Somebody else canceled it: it is placed anew.
  if (ended === 'canceled') return
  if (refusal.mayResend && (trade.stopResends ?? 0) < STOP_RESENDS_MAX) {
    trade.stopResends = (trade.stopResends ?? 0) + 1
    trade.protectRetryAt = at + RESEND_AFTER_MS * trade.stopResends
    return
  }
  const held = tools.held()
  if (refusal.remote && held !== null && standsIn(trade, order, held.order, refusal)) {
    // One for more than is left stands, and only reduces: the right size is asked for again, ever more slowly.
    trade.stopResends = (trade.stopResends ?? 0) + 1
    const wait = RETRY_AFTER_MS * 2 ** Math.min(trade.stopResends, 5)
    trade.protectRetryAt = at + wait
    return
  }
  if (held !== null && held.order.stopTicks !== order.stopTicks) {
    trade.stopTicks = held.order.stopTicks ?? trade.stopTicks
    trade.stopBasis = held.basis
    trade.moveRetryAt = at + RETRY_AFTER_MS
  } else
    tools.requestExit(
      'UNPROTECTED',
      `the stop was ${ended === 'rejected' ? 'refused' : ended}: ${reason}`,
    )
}

/** What a trade does about an order of its own that the venue did not carry out. `order`: as it was before. */
export const followRefusal = (
  trade: TradeRecord,
  order: OrderRecord,
  refusal: Refusal,
  tools: RefusalTools,
  at: number,
): void => {
  if (order.role === 'ENTRY') return refusedEntry(trade, refusal, at)
  if (openLots(trade) === 0) return
  if (order.role === 'EXIT') return refusedExit(trade, order, refusal, tools, at)
  if (trade.exitReason !== null) return
  if (order.role === 'TARGET') refusedTarget(trade, refusal, tools, at)
  else refusedStop(trade, order, refusal, tools, at)
}
