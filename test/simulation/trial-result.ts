import type { Message } from '@tapedeck/contracts'

export type TrialResult = {
  readonly seed: number
  /** What should not have been; empty when all was well. */
  readonly problems: readonly string[]
  /** Of every message on the tape. */
  readonly hash: () => string
  /** How often each kind of fault struck. */
  readonly injected: Readonly<Record<string, number>>
  readonly messages: readonly Message[]
  readonly virtualMs: number
  readonly longestUnprotectedMs: number
  /** The end of what was traced. */
  readonly lastLines: readonly string[]
}
