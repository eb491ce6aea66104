import type { RiskCheck } from '@tapedeck/contracts'
import { dec, toDecimalString } from '../decimal/index.ts'
import { gradeRank } from '../setup/index.ts'
import { checked, notReached } from './check.ts'
import type { Judgment } from './judgment.ts'
import { feedOf } from './risk-state.ts'
import { tradingStateOf } from './trading-state.ts'

const tradingState = ({ state }: Judgment): RiskCheck => {
  const trading = tradingStateOf(state.holds)
  return checked(
    'trading state',
    trading.state === 'REDUCING' ? 'TRADING_REDUCING' : 'TRADING_HALTED',
    trading.state === 'ACTIVE' ? null : `trading is ${trading.state}: ${trading.reason}`,
    'trading is ACTIVE',
    { state: trading.state, by: trading.by },
  )
}

const SESSION_REASON = {
  PAUSED: 'SESSION_PAUSED',
  STOPPED: 'SESSION_STOPPED',
  LIQUIDATING: 'SESSION_LIQUIDATING',
} as const

const sessionStatus = ({ state: { session } }: Judgment): RiskCheck => {
  if (session === null) return notReached('session status', 'no account event yet')
  const { status } = session
  return checked(
    'session status',
    status === 'ACTIVE' ? 'SESSION_STOPPED' : SESSION_REASON[status],
    status === 'ACTIVE' ? null : `the session is ${status}: ${session.reason ?? ''}`,
    'the session is ACTIVE',
    { session: session.id, status, consecutive_losses: session.consecutive_losses },
  )
}

/**
 * A feed is stale when ingest says that one of its channels is, or when a live market has shown no
 * event of the symbol (trade, book or mark) for too long in event time. A thin market is not stale
 * while its book or mark moves. Recorded and generated sources have no such pulse: an archive of
 * trades alone is silent whenever nobody trades, so there only ingest's word counts.
 */
const feedFresh = ({ state, risk, signal, instrument }: Judgment): RiskCheck => {
  const { last_event_at, bad } = feedOf(state, signal)
  const age = last_event_at === null ? null : Math.max(0, state.now - last_event_at)
  const [channel] = Object.keys(bad).toSorted()
  const silent = state.run_kind === 'live' && (age === null || age > risk.feed_max_age_ms)
  const problem =
    instrument === null
      ? `${signal.symbol} is not an instrument of this run`
      : channel !== undefined
        ? `${channel} is ${bad[channel]!.status}: ${bad[channel]!.reason}`
        : silent
          ? `no market event for ${age ?? 'ever'} ms`
          : null
  return checked('feed fresh', 'FEED_STALE', problem, 'the feed is fresh', {
    age_ms: age,
    max_age_ms: risk.feed_max_age_ms,
    source: state.run_kind,
  })
}

/** Taint alone denies nothing: it caps the grade. It is the reason when the cap is what costs the trade. */
const featuresClean = ({ signal, risk, effective_grade }: Judgment): RiskCheck => {
  const minimum = gradeRank(risk.min_grade)
  const costs = gradeRank(signal.grade) >= minimum && gradeRank(effective_grade) < minimum
  return checked(
    'features clean',
    'FEATURES_TAINTED',
    costs ? `tainted features cap grade ${signal.grade} at ${effective_grade}` : null,
    signal.tainted ? `tainted: grade capped at ${effective_grade}` : 'features are clean',
    { tainted: signal.tainted, grade: signal.grade, effective_grade },
  )
}

const signalFresh = ({ state, risk, signal }: Judgment): RiskCheck => {
  const age = Math.max(0, state.now - signal.at)
  return checked(
    'signal fresh',
    'SIGNAL_EXPIRED',
    age > risk.signal_max_age_ms ? `the signal is ${age} ms old` : null,
    `the signal is ${age} ms old`,
    { age_ms: age, max_age_ms: risk.signal_max_age_ms },
  )
}

const duplicate = ({ state, signal }: Judgment): RiskCheck => {
  const times = state.decided.find(([id]) => id === signal.signal_id)?.[1] ?? 0
  return checked(
    'not a duplicate',
    'SIGNAL_DUPLICATE',
    times > 0 ? `the signal was decided before, ${times} times` : null,
    'the signal is new',
    { decided_before: times },
  )
}

const strategyRule = ({ state, signal }: Judgment): RiskCheck => {
  const pnl = dec(state.session?.realized_pnl ?? 0)
  const applies = signal.strategy === 'mean_reversion'
  return checked(
    'strategy rule',
    'SESSION_NOT_PROFITABLE',
    applies && pnl.lte(0)
      ? `mean reversion needs a profitable session, realized ${toDecimalString(pnl)}`
      : null,
    applies ? 'the session is profitable' : 'trend continuation has no rule of its own',
    { realized_pnl: toDecimalString(pnl), strategy: signal.strategy },
  )
}

/** May anything be traded at all, on these data, by this signal? */
export const readinessChecks = (judgment: Judgment): RiskCheck[] => [
  tradingState(judgment),
  sessionStatus(judgment),
  feedFresh(judgment),
  featuresClean(judgment),
  signalFresh(judgment),
  duplicate(judgment),
  strategyRule(judgment),
]
