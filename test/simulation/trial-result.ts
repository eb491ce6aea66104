import type { Message } from '@tapedeck/contracts'
import type { Exposure } from './protection-watch.ts'

export type TrialResult = {
  readonly seed: number
  /** What should not have been; empty when all was well. */
  readonly problems: readonly string[]
  /** Of every message on the tape. */
  readonly hash: () => string
  /** How often each kind of fault struck while a trade was under way. */
  readonly injected: Readonly<Record<string, number>>
  readonly messages: readonly Message[]
  readonly virtualMs: number
  /** Every time that a position stood without full protection. */
  readonly exposures: readonly Exposure[]
  /** The end of what was traced. */
  readonly lastLines: readonly string[]
}
