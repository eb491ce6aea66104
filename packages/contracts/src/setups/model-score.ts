import { z } from 'zod'

const share = z.number().min(0).max(1).nullable()

/**
 * What a model says about a setup (S0 step 3). Every part is null while no model speaks, and no score has
 * no effect: it blocks nothing and sizes nothing.
 */
export const ModelScore = z.object({
  /** Quality of the setup, 0 to 1. */
  model_quality_score: share,
  /** Probability that price reaches one R before the stop, within the time to live. */
  p_cont_1R: share,
  /** Probability that price comes back into the range and reaches the stop, within the time to live. */
  p_false_breakout: share,
  /** Probability that ATR grows beyond 1.5 times within 20 bars. */
  p_atr_expand: share,
  model_version: z.string().min(1).max(80).nullable(),
  /** Group in which the probabilities were calibrated, e.g. `crypto_largecap`. */
  calibration_bucket: z.string().min(1).max(80).nullable(),
})
export type ModelScore = z.infer<typeof ModelScore>

/** Why a scorer that was asked gave no score. A closed list; each is counted. */
export const ScoreFailure = z.enum(['THREW', 'TIMED_OUT', 'INVALID'])
export type ScoreFailure = z.infer<typeof ScoreFailure>
