import {
  output,
  type Output,
  type RiskConfig,
  type SessionUpdated,
  type TradingState,
} from '@tapedeck/contracts'
import { BREAKERS } from './breakers.ts'
import { flattenLimits } from './limits.ts'
import { nextVersion, riskMultiplier, type RiskState } from './risk-state.ts'
import { drawdownFromPeak, drawdownFromStart, type GuardedSession } from './session-guard.ts'
import { tradingStateOf } from './trading-state.ts'

/** The session's own reason, else the breakers that have tripped: what keeps signals from being approved. */
const reasonOf = (session: GuardedSession, state: RiskState): string | null => {
  const tripped = BREAKERS.flatMap((name) => {
    const latch = state.latches[name]
    return latch === undefined ? [] : [`breaker ${name}: ${latch.detail}`]
  })
  const all = [...(session.reason === null ? [] : [session.reason]), ...tripped]
  return all.length === 0 ? null : all.join('; ')
}

/** The session and what it permits, as it stands. */
export const sessionPayload = (
  session: GuardedSession,
  state: RiskState,
  risk: RiskConfig,
  account: string,
  at: number,
): SessionUpdated => ({
  account,
  session_id: session.id,
  at,
  status: session.status,
  reason: reasonOf(session, state),
  start_equity: session.start_equity,
  equity: session.equity,
  peak_equity: session.peak_equity,
  realized_pnl: session.realized_pnl,
  drawdown_from_start_percent: drawdownFromStart(session),
  drawdown_from_peak_percent: drawdownFromPeak(session),
  trades: session.trades,
  wins: session.wins,
  losses: session.losses,
  consecutive_losses: session.consecutive_losses,
  risk_multiplier: riskMultiplier(state, risk),
  sizing_policy: risk.sizing_policy,
})

/** Fields that move with equity alone, of which not every change is told at once. */
export const MATERIAL_WITHOUT: readonly (keyof SessionUpdated)[] = [
  'at',
  'equity',
  'peak_equity',
  'drawdown_from_start_percent',
  'drawdown_from_peak_percent',
]
/** The payload as text, to see whether it differs, some fields left out. */
export const textOf = (
  payload: SessionUpdated,
  without: readonly (keyof SessionUpdated)[],
): string =>
  JSON.stringify(Object.entries(payload).filter(([key]) => !(without as string[]).includes(key)))

export const tradingStateOutput = (
  state: RiskState,
  previous: TradingState,
  account: string,
  at: number,
): Output => {
  const trading = tradingStateOf(state.holds)
  return output('risk.trading_state.changed', {
    aggregate_id: account,
    aggregate_version: nextVersion(state, 'trading_state'),
    occurred_at: at,
    payload: {
      account,
      at,
      state: trading.state,
      previous,
      reason: trading.reason.slice(0, 400),
      by: trading.by,
    },
  })
}

export const flattenOutput = (
  state: RiskState,
  reason: string,
  account: string,
  at: number,
): Output =>
  output('risk.flatten.requested', {
    aggregate_id: account,
    aggregate_version: nextVersion(state, 'flatten'),
    occurred_at: at,
    payload: { account, at, reason: reason.slice(0, 400) },
  })

export const limitsOutput = (
  state: RiskState,
  risk: RiskConfig,
  by: string,
  account: string,
  at: number,
): Output =>
  output('risk.limits.changed', {
    aggregate_id: account,
    aggregate_version: nextVersion(state, 'limits'),
    occurred_at: at,
    payload: {
      account,
      at,
      version: state.limits_version,
      limits: flattenLimits(risk),
      by,
    },
  })
