import type { RiskConfig, SessionStatus } from '@tapedeck/contracts'
import { dec, maximum, toMoneyString, type Dec } from '../decimal/index.ts'

type Limits = RiskConfig['session']
type Verdict = { readonly status: SessionStatus; readonly reason: string }

/** What the rules look at after a result. Percent are of equity at the session's start. */
type Standing = {
  readonly consecutive_losses: number
  readonly drawdown_percent: number
  /** Loss of the trade that just closed; 0 when it won or none closed. */
  readonly loss_percent: number
}

/** The rules that have something to say, in S3's order (§7.3). */
const verdicts = (standing: Standing, limits: Limits): Verdict[] => {
  const said: Verdict[] = []
  if (standing.consecutive_losses >= limits.max_consecutive_losses)
    said.push({ status: 'STOPPED', reason: `${standing.consecutive_losses} losses in a row` })
  if (standing.drawdown_percent >= limits.max_drawdown_percent)
    said.push({
      status: 'LIQUIDATING',
      reason: `drawdown of ${standing.drawdown_percent.toFixed(2)} % from the session's start, limit ${limits.max_drawdown_percent} %`,
    })
  if (standing.loss_percent > limits.max_single_loss_percent)
    said.push({
      status: 'PAUSED',
      reason: `a single loss of ${standing.loss_percent.toFixed(2)} %, limit ${limits.max_single_loss_percent} %`,
    })
  return said
}

/** The guard as S3 keeps it: float64, one status that each result may overwrite. */
export type ReferenceGuard = {
  readonly start: number
  readonly balance: number
  readonly consecutive_losses: number
  readonly status: SessionStatus
}

/** Drawdown from the start in percent of it; 0 in profit. */
export const referenceDrawdown = ({ start, balance }: ReferenceGuard): number =>
  start === 0 || balance >= start ? 0 : Math.abs((balance - start) / start) * 100

/**
 * One trade result under S3 §7.3 to the letter: break-even resets the count, the first rule that
 * speaks sets the status, and a later one may lower it again. The product's guard is `recordTrade`,
 * which applies the same rules and latches.
 */
export const stepReferenceGuard = (
  guard: ReferenceGuard,
  pnl: number,
  pnlPercent: number,
  limits: Limits,
): ReferenceGuard => {
  const next = {
    ...guard,
    balance: guard.balance + pnl,
    consecutive_losses: pnl < 0 ? guard.consecutive_losses + 1 : 0,
  }
  const [first] = verdicts(
    {
      consecutive_losses: next.consecutive_losses,
      drawdown_percent: referenceDrawdown(next),
      loss_percent: Math.max(0, -pnlPercent),
    },
    limits,
  )
  return first === undefined ? next : { ...next, status: first.status }
}

/** A session as the product guards it. Money as decimal strings: it is part of a checkpoint. */
export type GuardedSession = {
  readonly id: string
  readonly started_at: number
  readonly start_equity: string
  readonly equity: string
  readonly peak_equity: string
  readonly realized_pnl: string
  readonly status: SessionStatus
  readonly reason: string | null
  readonly trades: number
  readonly wins: number
  readonly losses: number
  readonly consecutive_losses: number
}

const SEVERITY: Readonly<Record<SessionStatus, number>> = {
  ACTIVE: 0,
  PAUSED: 1,
  STOPPED: 2,
  LIQUIDATING: 3,
}

export const startSession = (
  session: { readonly id: string; readonly started_at: number },
  equity: Dec,
): GuardedSession => ({
  id: session.id,
  started_at: session.started_at,
  start_equity: toMoneyString(equity),
  equity: toMoneyString(equity),
  peak_equity: toMoneyString(equity),
  realized_pnl: '0',
  status: 'ACTIVE',
  reason: null,
  trades: 0,
  wins: 0,
  losses: 0,
  consecutive_losses: 0,
})

/** `part` in percent of `whole`; 0 when there is no whole to measure by. */
export const percentOf = (part: Dec, whole: Dec): number =>
  whole.lte(0) ? 0 : part.div(whole).times(100).toNumber()

const drawdown = (from: string, session: GuardedSession): number =>
  percentOf(maximum(dec(from).minus(session.equity), dec(0)), dec(from))

/** Drawdown of equity, unrealized P&L included, in percent of equity at the start. */
export const drawdownFromStart = (session: GuardedSession): number =>
  drawdown(session.start_equity, session)

/** Drawdown of equity in percent of the session's highest equity. */
export const drawdownFromPeak = (session: GuardedSession): number =>
  drawdown(session.peak_equity, session)

/** The worst verdict wins and stays: a status only rises until the session ends or an operator resumes. */
const latched = (session: GuardedSession, lossPercent: number, limits: Limits): GuardedSession => {
  const fromPeak = drawdownFromPeak(session)
  const said = verdicts(
    {
      consecutive_losses: session.consecutive_losses,
      drawdown_percent: drawdownFromStart(session),
      loss_percent: lossPercent,
    },
    limits,
  )
  if (fromPeak >= limits.max_peak_drawdown_percent)
    said.push({
      status: 'STOPPED',
      reason: `drawdown of ${fromPeak.toFixed(2)} % from the session's peak, limit ${limits.max_peak_drawdown_percent} %`,
    })
  const standing: Pick<GuardedSession, 'status' | 'reason'> = session
  const worst = said.reduce(
    (held, verdict) => (SEVERITY[verdict.status] > SEVERITY[held.status] ? verdict : held),
    standing,
  )
  return { ...session, status: worst.status, reason: worst.reason }
}

/**
 * A closed trade: net P&L after fees. A loss counts, a win resets the count, an exact break-even leaves
 * it. Equity is not touched here: it comes from the account's own events.
 */
export const recordTrade = (
  session: GuardedSession,
  netPnl: Dec,
  limits: Limits,
): GuardedSession => {
  const won = netPnl.gt(0)
  const lost = netPnl.lt(0)
  const next: GuardedSession = {
    ...session,
    realized_pnl: toMoneyString(dec(session.realized_pnl).plus(netPnl)),
    trades: session.trades + 1,
    wins: session.wins + (won ? 1 : 0),
    losses: session.losses + (lost ? 1 : 0),
    consecutive_losses: lost
      ? session.consecutive_losses + 1
      : won
        ? 0
        : session.consecutive_losses,
  }
  return latched(next, lost ? percentOf(netPnl.neg(), dec(session.start_equity)) : 0, limits)
}

/** Equity as execution reports it. */
export const observeEquity = (
  session: GuardedSession,
  equity: Dec,
  limits: Limits,
): GuardedSession =>
  latched(
    {
      ...session,
      equity: toMoneyString(equity),
      peak_equity: toMoneyString(maximum(dec(session.peak_equity), equity)),
    },
    0,
    limits,
  )

/** An operator ends a pause. STOPPED and LIQUIDATING last until the session ends (S3 §7.3). */
export const resumeSession = (session: GuardedSession): GuardedSession =>
  session.status === 'PAUSED' ? { ...session, status: 'ACTIVE', reason: null } : session
