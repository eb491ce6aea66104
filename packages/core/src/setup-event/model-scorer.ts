import { ModelScore, type ScoreFailure } from '@tapedeck/contracts'
import type { FeatureSnapshot } from '../features/index.ts'

/** A model as the engine sees it: frozen features in, a score out. Nothing else passes between them. */
export interface ModelScorer {
  /** Parts that it does not know are null. */
  score(snapshot: FeatureSnapshot): ModelScore
}

/** Every part unknown: no effect on gate or size. */
export const NO_SCORE: ModelScore = Object.freeze({
  model_quality_score: null,
  p_cont_1R: null,
  p_false_breakout: null,
  p_atr_expand: null,
  model_version: null,
  calibration_bucket: null,
})

/** The default: no model is trained, so none speaks. */
export const nullScorer: ModelScorer = { score: () => NO_SCORE }

export type Scoring = {
  readonly score: ModelScore
  /** Why there is no score although a scorer was asked. */
  readonly failure: ScoreFailure | null
}

const failed = (failure: ScoreFailure): Scoring => ({ score: NO_SCORE, failure })

/**
 * Asks a scorer. One that throws, takes longer than `maxMs`, or answers with NaN, with a probability
 * outside 0 to 1 or with another shape gave no score: a model may never stop or bend what it only advises.
 * `nowMs` is the caller's monotonic clock; the core has none.
 */
export const askScorer = (
  scorer: ModelScorer,
  snapshot: FeatureSnapshot,
  nowMs: () => number,
  maxMs: number,
): Scoring => {
  const started = nowMs()
  let answer: unknown
  try {
    answer = scorer.score(snapshot)
  } catch {
    return failed('THREW')
  }
  if (nowMs() - started > maxMs) return failed('TIMED_OUT')
  const parsed = ModelScore.safeParse(answer)
  return parsed.success ? { score: parsed.data, failure: null } : failed('INVALID')
}

/** The hard gate: a breakout that is this likely to be false is not entered (S0: above 0.40). No score, no gate. */
export const isEntryBlocked = (pFalseBreakout: number | null, max = 0.4): boolean =>
  pFalseBreakout !== null && pFalseBreakout > max

/** Both readings of S0: its locked formula, and the one that its test list expects. */
export type SizeCurve = 'locked' | 'centered'

/**
 * What a quality of 0 to 1 does to the size: within 0.5 to 1.25 for any input, 1 without a quality.
 * locked: clamp(0.5 + 1.0 x (q - 0.5)); centered: clamp(0.5 + q), which leaves 0.5 as it is.
 */
export const sizeMultiplier = (quality: number | null, curve: SizeCurve = 'locked'): number => {
  if (quality === null || Number.isNaN(quality)) return 1
  const raw = curve === 'locked' ? 0.5 + 1.0 * (quality - 0.5) : 0.5 + quality
  return Math.max(0.5, Math.min(1.25, raw))
}
