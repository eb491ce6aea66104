import {
  hasCode,
  type Output,
  type RiskCommandReceived,
  type RiskConfig,
} from '@tapedeck/contracts'
import { isBreaker, withoutLatch, type BreakerName } from './breakers.ts'
import { applyLimits } from './limits.ts'
import { flattenOutput, limitsOutput } from './risk-outputs.ts'
import type { RiskState } from './risk-state.ts'
import { resumeSession } from './session-guard.ts'
import { withHold, withoutHold } from './trading-state.ts'

/**
 * A reset breaker starts to measure again from here: a loss or a drawdown that the operator has
 * accepted must not trip it at the next tick.
 */
const resetBreaker = (state: RiskState, name: BreakerName): void => {
  state.latches = withoutLatch(state.latches, name)
  if (name === 'daily_loss') state.daily_loss_floor = state.session?.realized_pnl ?? '0'
  if (name === 'drawdown') state.high_water = state.account?.equity ?? null
  if (name === 'order_rate') state.approvals = []
  if (name === 'slippage') state.recent_slippages = []
  if (name === 'model_confidence') state.model = { ...state.model, qualities: [] }
}

/** Limits that the door should have refused change nothing: a tape must replay whatever it holds. */
const setLimits = (
  state: RiskState,
  command: RiskCommandReceived,
  configured: RiskConfig,
): RiskConfig | null => {
  const limits = { ...state.limits, ...command.limits }
  try {
    const risk = applyLimits(configured, limits)
    state.limits = limits
    state.limits_version += 1
    return risk
  } catch (error) {
    if (hasCode(error, 'VALIDATION_FAILED')) return null
    throw error
  }
}

/**
 * Carries out an operator's command. `resume` lets go of what an operator or a liquidation holds, never
 * of a reconciliation that is not clean. `flatten` closes everything and halts. Resetting a breaker
 * takes a reason. `at` is the time that outputs carry.
 */
export const carryOut = (
  state: RiskState,
  command: RiskCommandReceived,
  configured: RiskConfig,
  at: number,
): Output[] => {
  const { reason, by, account } = command
  const outputs: Output[] = []
  switch (command.command) {
    case 'halt':
      state.holds = withHold(state.holds, 'operator', { state: 'HALTED', reason, by })
      break
    case 'reduce':
      state.holds = withHold(state.holds, 'operator', { state: 'REDUCING', reason, by })
      break
    case 'resume':
      state.holds = withoutHold(withoutHold(state.holds, 'operator'), 'session')
      break
    case 'flatten':
      state.holds = withHold(state.holds, 'operator', { state: 'HALTED', reason, by })
      outputs.push(flattenOutput(state, `${by}: ${reason}`, account, at))
      break
    case 'resume_session':
      if (state.session !== null) state.session = resumeSession(state.session)
      break
    case 'reset_breaker':
      if (isBreaker(command.breaker) && reason.trim() !== '') resetBreaker(state, command.breaker)
      break
    case 'set_limits': {
      const risk = setLimits(state, command, configured)
      if (risk !== null) outputs.push(limitsOutput(state, risk, by, account, at))
      break
    }
  }
  return outputs
}
