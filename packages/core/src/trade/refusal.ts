import type { ExitReason } from '@tapedeck/contracts'
import type { OrderRecord } from '../order/index.ts'
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
/** Between exits at a live venue that has refused `EXIT_ATTEMPTS_MAX` of them. */
const LATER_MS = 5_000

/** Binance -2021; the paper venue's word for the same. */
const wouldTrigger = ({ code, reason }: Refusal): boolean =>
  code === '-2021' || reason === 'WOULD_TRIGGER_IMMEDIATELY'

const refusedEntry = (trade: TradeRecord, { mayResend }: Refusal, at: number): void => {
  const sends = trade.entrySends ?? 1
  const wanted = trade.exitReason === null && trade.entryCancelReason === null
  if (mayResend && wanted && sends < ENTRY_SENDS_MAX && at < trade.entryDeadline)
    trade.entryRetryAt = at + RESEND_AFTER_MS * sends
}

const refusedExit = (
  trade: TradeRecord,
  order: OrderRecord,
  refusal: Refusal,
  tools: RefusalTools,
  at: number,
): void => {
  if (refusal.mayResend) {
    // The venue never had it (limits, a lost request): that says nothing against the next one.
    trade.exitAttempts -= 1
    trade.exitRetryAt = at + RETRY_AFTER_MS
    return
  }
  if (refusal.remote && order.filledLots > 0) {
    // A market order that found no more: what is left is sent at once, and nothing was refused.
    trade.exitAttempts = 0
    return
  }
  const patience = refusal.remote ? Math.min(trade.exitAttempts, 3) : trade.exitAttempts
  if (refusal.ended === 'rejected') trade.exitRetryAt = at + RETRY_AFTER_MS * patience
  if (trade.exitAttempts < EXIT_ATTEMPTS_MAX) return
  tools.report(`trade ${trade.tradeId}: ${trade.exitAttempts} exits were refused`)
  if (!refusal.remote) return
  trade.exitAttempts = EXIT_ATTEMPTS_MAX - 1
  trade.exitRetryAt = at + LATER_MS
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
