import type { RiskConfig, SignalGenerated } from '@tapedeck/contracts'
import { sizeMultiplier } from '../setup-event/index.ts'
import { QUALITIES_JUDGED, breakerProblem } from './breakers.ts'
import { breakerReadings, type RiskState } from './risk-state.ts'

/** What a model says of a signal, and what that is worth now. */
export type ModelWord = {
  readonly quality: number | null
  readonly p_false_breakout: number | null
  readonly version: string | null
  /** The model-confidence breaker has tripped: what the model says neither gates nor scales. */
  readonly rules_only: boolean
  /** What it does to the risk budget; 1 is no effect. */
  readonly multiplier: number
}

/** The scores that a signal carries. No model: all of them unknown. */
const scoresOf = (
  signal: SignalGenerated,
): Pick<ModelWord, 'quality' | 'p_false_breakout' | 'version'> => ({
  quality: signal.model_score?.model_quality_score ?? null,
  // Signals of version 1 carry this one score beside the market.
  p_false_breakout: signal.model_score?.p_false_breakout ?? signal.market.p_false_breakout,
  version: signal.model_score?.model_version ?? null,
})

/**
 * Hears the score of a signal that is about to be decided: once, however often the signal comes. Another
 * model is judged by its own words.
 */
export const noteScore = (state: RiskState, signal: SignalGenerated): void => {
  const { quality, version } = scoresOf(signal)
  if (quality === null || state.decided.some(([id]) => id === signal.signal_id)) return
  const before = state.model.version === version ? state.model.qualities : []
  state.model = { version, qualities: [...before, quality].slice(-QUALITIES_JUDGED) }
}

/** S2 §11: a warning falls back to rules only. With `block` the breaker's own check denies instead. */
const isRulesOnly = (state: RiskState, risk: RiskConfig): boolean =>
  risk.breakers.model_confidence_action === 'rules_only' &&
  (state.latches.model_confidence !== undefined ||
    breakerProblem('model_confidence', breakerReadings(state), risk.breakers, state.now) !== null)

/** What the model's scores of this signal may do. */
export const modelWord = (
  state: RiskState,
  risk: RiskConfig,
  signal: SignalGenerated,
): ModelWord => {
  const scores = scoresOf(signal)
  const rules_only = isRulesOnly(state, risk)
  return {
    ...scores,
    rules_only,
    multiplier: rules_only ? 1 : sizeMultiplier(scores.quality, risk.size_curve),
  }
}
