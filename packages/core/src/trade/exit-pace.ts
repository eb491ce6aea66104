import type { TradeRecord } from './trade-record.ts'

/** What is kept of exits that the venue did not carry out; their orders themselves are forgotten. */
export type RefusedExits = {
  readonly count: number
  readonly firstAt: number
  readonly lastAt: number
  readonly lastReason: string
  /** In a row: not taken by the venue (its limits, a fault of its own, a lost line), with no sign of life since. */
  readonly heldBack: number
  /** The same, of those that we did not even send; a row of its own. */
  readonly unsent?: number
  /** In a row: refused by the venue itself. */
  readonly denied: number
}

/** An exit is never sent sooner than this after one that came to nothing. */
const SOONEST_MS = 1_000
const LATEST_MS = 30_000
/** The venue's own refusals may be of the moment: so many are tried soon, then ever more slowly. */
const DENIALS_TRIED_SOON = 10
const AFTER_DENIALS_MS = 5_000
const REASON_LENGTH_MAX = 200

/** Our own limiter knows that the venue would not take it. */
const NOT_SENT = 'NOT_SENT'

const NONE = { count: 0, heldBack: 0, unsent: 0, denied: 0 } as const

/** A limit is over within a minute or so, and what is not sent costs the venue nothing: so many are tried soon. */
const UNSENT_TRIED_SOON = 40
const SOON_MS = 2_000

/** 1 s, then 2 s forty times in all, then doubling to 30 s. */
const unsentMs = (count: number): number =>
  count <= UNSENT_TRIED_SOON
    ? Math.min(SOON_MS, SOONEST_MS * count)
    : Math.min(LATEST_MS, SOON_MS * 2 ** Math.min(count - UNSENT_TRIED_SOON, 10))

/** 1 s, doubling to 30 s. */
const heldBackMs = (count: number): number =>
  Math.min(LATEST_MS, SOONEST_MS * 2 ** Math.min(count - 1, 10))

/** 1, 2, 3, 3 ... s ten times, then from 5 s one second more each time, to 30 s. */
const deniedMs = (count: number): number =>
  count <= DENIALS_TRIED_SOON
    ? SOONEST_MS * Math.min(count, 3)
    : Math.min(LATEST_MS, AFTER_DENIALS_MS + SOONEST_MS * (count - DENIALS_TRIED_SOON - 1))

/**
 * Sums up an exit that a live venue did not carry out, and says when the next may be sent. However long an
 * outage lasts there is always a next one, and never a crowd of them. Returns how many it were by now.
 */
export const slowExits = (
  trade: TradeRecord,
  refusal: {
    readonly reason: string
    readonly mayResend: boolean
    readonly code?: string | null
    readonly retryInMs?: number
  },
  at: number,
): number => {
  const before = trade.refusedExits ?? { ...NONE, firstAt: at }
  // Several that were under way at once are refused for one reason: that is one refusal more.
  const isSame = trade.exitRetryAt !== null && at < trade.exitRetryAt
  const more = isSame ? 0 : 1
  const isUnsent = refusal.mayResend && refusal.code === NOT_SENT
  // How long a limit lasted says nothing of a fault that the venue has once it is over.
  const sent = isUnsent ? 0 : more
  const unsent = refusal.mayResend ? (before.unsent ?? 0) + more - sent : 0
  const heldBack = refusal.mayResend ? before.heldBack + sent : 0
  const denied = refusal.mayResend ? before.denied : before.denied + more
  trade.refusedExits = {
    count: before.count + 1,
    firstAt: before.firstAt,
    lastAt: at,
    lastReason: refusal.reason.slice(0, REASON_LENGTH_MAX),
    heldBack,
    ...(unsent > 0 ? { unsent } : {}),
    denied,
  }
  if (!isSame) {
    // Not after the limit is over, however long it has lasted.
    const over = Math.max(SOON_MS, refusal.retryInMs ?? Infinity)
    const wait = isUnsent ? Math.min(unsentMs(unsent), over) : heldBackMs(heldBack)
    trade.exitRetryAt = at + (refusal.mayResend ? wait : deniedMs(denied))
  }
  return trade.refusedExits.count
}

/**
 * The venue is there: an exit that was held back need not wait out its time. `didSomething`: with an order of
 * ours, so that waits begin anew; a look that it answered only brings the next exit forward.
 */
export const hastenExit = (trade: TradeRecord, didSomething: boolean, at: number): void => {
  const { refusedExits: refused, exitRetryAt } = trade
  if (refused === undefined || refused.heldBack + (refused.unsent ?? 0) === 0) return
  if (exitRetryAt !== null)
    trade.exitRetryAt = Math.min(exitRetryAt, Math.max(at, refused.lastAt + SOONEST_MS))
  if (!didSomething) return
  const { unsent: _, ...rest } = refused
  trade.refusedExits = { ...rest, heldBack: 0 }
}
