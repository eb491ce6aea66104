import {
  type DecisionInputs,
  type Instrument,
  type Output,
  type RiskCheck,
  type SignalApproved,
} from '@tapedeck/contracts'
import { toDecimalString } from '../decimal/index.ts'
import { failures, runChecks } from './checks.ts'
import type { Judgment } from './judgment.ts'
import { gradeMultiplier, type OrderSize } from './position-size.ts'
import {
  breakerReadings,
  busyKeys,
  feedOf,
  houseMoneyMultiplier,
  openNotional,
} from './risk-state.ts'
import { drawdownFromPeak, drawdownFromStart } from './session-guard.ts'
import { tradingStateOf } from './trading-state.ts'

/** Signals that are remembered, to know a second delivery from a first. */
const DECIDED_KEPT = 1000

/** The five questions' inputs: price, volatility, equity, system, risk. */
const inputsOf = ({ state, risk, signal, ...judgment }: Judgment): DecisionInputs => {
  const { session } = state
  const trading = tradingStateOf(state.holds)
  return {
    price: {
      entry: signal.entry_price,
      stop: signal.stop_price_abs,
      target: signal.target_price_abs,
      stop_basis: signal.stop_basis,
      tick_size: judgment.instrument?.tick_size ?? null,
      lot_size: judgment.instrument?.lot_size ?? null,
    },
    volatility: { ...signal.market },
    equity: {
      wallet_balance: state.account?.wallet_balance ?? null,
      unrealized_pnl: state.account?.unrealized_pnl ?? null,
      equity: state.account?.equity ?? null,
      high_water: state.high_water,
      session_start: session?.start_equity ?? null,
      session_peak: session?.peak_equity ?? null,
      session_realized_pnl: session?.realized_pnl ?? null,
    },
    system: {
      now: state.now,
      signal_at: signal.at,
      source: state.run_kind,
      last_market_event_at: feedOf(state, signal).last_event_at,
      trading_state: trading.state,
      trading_state_reason: trading.reason,
      session: session?.id ?? null,
      session_status: session?.status ?? null,
      consecutive_losses: session?.consecutive_losses ?? null,
      drawdown_from_start_percent: session && drawdownFromStart(session),
      drawdown_from_peak_percent: session && drawdownFromPeak(session),
      open_symbols: busyKeys(state).join(' '),
      open_notional: toDecimalString(openNotional(state)),
      approvals_last_minute: breakerReadings(state).approvals.length,
      tainted: signal.tainted,
    },
    risk: {
      base_risk_percent: risk.base_risk_percent,
      grade_multiplier: gradeMultiplier(judgment.effective_grade, risk),
      risk_multiplier: judgment.risk_multiplier,
      house_money_multiplier: houseMoneyMultiplier(state, risk),
      model_multiplier: judgment.model.multiplier,
      model_quality_score: judgment.model.quality,
      p_false_breakout: judgment.model.p_false_breakout,
      model_version: judgment.model.version,
      model_rules_only: judgment.model.rules_only,
      size_curve: risk.size_curve,
      sizing_policy: risk.sizing_policy,
      max_leverage: risk.max_leverage,
      venue_max_leverage: judgment.instrument?.max_leverage ?? null,
      min_position_quote: risk.min_position_quote,
      max_position_quote: risk.max_position_quote,
      limits_version: state.limits_version,
    },
  }
}

/** `DEC-` and the setup's name; a second decision on the same signal is numbered. */
const decisionId = ({ signal, state }: Judgment): string => {
  const before = state.decided.find(([id]) => id === signal.signal_id)?.[1] ?? 0
  const name = `DEC-${signal.setup_id}`
  return before === 0 ? name : `${name}-${before + 1}`
}

const rememberDecided = ({ state, signal }: Judgment): void => {
  const known = state.decided.find(([id]) => id === signal.signal_id)
  if (known !== undefined) known[1] += 1
  else state.decided.push([signal.signal_id, 1])
  state.decided = state.decided.slice(-DECIDED_KEPT)
}

const calculationOf = ({ size, stop_problem, instrument }: Judgment): string =>
  size?.calculation ??
  (instrument === null
    ? 'not sized: the instrument is not part of this run'
    : stop_problem === null
      ? 'not sized: no positive equity, or grade INVALID'
      : `not sized: ${stop_problem}`)

const orderOf = (
  { signal, risk }: Judgment,
  size: OrderSize,
  instrument: Instrument,
  at: number,
): SignalApproved['order'] => ({
  venue: instrument.venue,
  symbol: instrument.symbol,
  side: signal.side,
  quantity: toDecimalString(size.quantity),
  entry_price: signal.entry_price,
  stop_price_abs: signal.stop_price_abs,
  target_price_abs: signal.target_price_abs,
  risk_amount: toDecimalString(size.risk_amount),
  notional: toDecimalString(size.notional),
  leverage: size.leverage.toNumber(),
  expires_at: at + risk.approval_ttl_ms,
})

const decided = (judgment: Judgment, checks: RiskCheck[], account: string, at: number) => ({
  account,
  venue: judgment.signal.venue,
  symbol: judgment.signal.symbol,
  decision_id: decisionId(judgment),
  signal_id: judgment.signal.signal_id,
  setup_id: judgment.signal.setup_id,
  at,
  strategy: judgment.signal.strategy,
  side: judgment.signal.side,
  grade: judgment.signal.grade,
  effective_grade: judgment.effective_grade,
  inputs: inputsOf(judgment),
  checks,
  calculation: calculationOf(judgment).slice(0, 4000),
})

/**
 * Approves or denies one signal, with everything that it was decided from. The order that is approved
 * is the order that was checked: execution accepts nothing else.
 */
export const decideSignal = (
  judgment: Judgment,
  account: string,
): Output<'risk.signal.approved'> | Output<'risk.signal.denied'> => {
  const { signal, state, size, instrument } = judgment
  const at = Math.max(state.now, signal.at)
  const checks = runChecks(judgment)
  const payload = decided(judgment, checks, account, at)
  const reasons = failures(checks)
  rememberDecided(judgment)
  const envelope = {
    aggregate_id: payload.decision_id,
    aggregate_version: 1,
    occurred_at: at,
    correlation_id: signal.setup_id,
  }
  const [reason] = reasons
  if (reason === undefined && size !== null && instrument !== null)
    return {
      type: 'risk.signal.approved',
      ...envelope,
      payload: { ...payload, order: orderOf(judgment, size, instrument, at) },
    }
  const given = reason ?? 'STOP_INVALID'
  return {
    type: 'risk.signal.denied',
    ...envelope,
    payload: { ...payload, reason: given, reasons: reason === undefined ? [given] : reasons },
  }
}
