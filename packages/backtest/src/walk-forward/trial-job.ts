import {
  TapedeckError,
  canonicalJson,
  hasCode,
  shortHash,
  type TradingConfig,
} from '@tapedeck/contracts'
import type { ClosedTrade, EquityPoint, PeriodRules } from '@tapedeck/core'
import { z } from 'zod'
import type { Metrics } from './objective.ts'
import type { ParameterPoint } from './parameter-space.ts'
import type { Span } from './windows.ts'

/** What is traded on: one tape, or files of bars. Named by contents, so that any machine finds its own copy. */
export type TrialData =
  | { readonly kind: 'tape'; readonly fingerprint: string }
  | {
      readonly kind: 'bars'
      readonly fingerprint: string
      /** Whose klines they are, where several venues have the symbol. */
      readonly venue: string | null
      readonly files: readonly { readonly fingerprint: string; readonly symbol: string | null }[]
    }

/** What all trials of a search have in common. */
export type TrialStudy = {
  /** Fingerprint of the code that decides: workers of another take no job of ours. */
  readonly code: string
  readonly data: TrialData
  /** `order_flow`, or the name of a bar strategy. */
  readonly strategy: string
  /** A strategy of the user's own: where its module is, and what it holds. */
  readonly module: { readonly path: string; readonly sha256: string } | null
  readonly trading: TradingConfig
  readonly warmUpMs: number
  readonly seed: number
  readonly rules: PeriodRules
}

/** One backtest: everything that a worker needs but the data. */
export type TrialJob = {
  readonly v: 1
  readonly study: TrialStudy
  readonly params: ParameterPoint
  /** Run one after the other, each from the starting balance. */
  readonly spans: readonly Span[]
  /** Training drops trades that reach beyond their span; a test keeps all, and its trades and equity. */
  readonly role: 'train' | 'test'
}

export type TrialDone = {
  readonly status: 'done'
  readonly metrics: Metrics
  readonly purged: number
  /** Of a test alone. */
  readonly trades: readonly ClosedTrade[] | null
  readonly equity: readonly EquityPoint[] | null
}
export type TrialFailed = {
  readonly status: 'failed'
  readonly code: string
  readonly message: string
}
export type TrialOutcome = TrialDone | TrialFailed

/** Runs trials; what cannot be done is an outcome too. Rejects only when nothing can be run any more. */
export type RunTrial = (job: TrialJob) => Promise<TrialOutcome>

/** The same trial has the same id, whoever asks for it and for what. */
export const trialId = (job: TrialJob): string => shortHash(canonicalJson(job), 32)
export const studyId = (study: TrialStudy): string => shortHash(canonicalJson(study), 32)

/** What a worker must have to do it: the first data set, and the very same code. */
export const laneOf = (code: string, dataFingerprint: string): string =>
  `${shortHash(dataFingerprint, 16)}-${shortHash(code, 12)}`

/** The data set that decides who may do the job. */
export const leadingData = (data: TrialData): string =>
  data.kind === 'tape' ? data.fingerprint : data.files[0]!.fingerprint

const Job = z.strictObject({
  v: z.literal(1),
  study: z.looseObject({ code: z.string(), strategy: z.string(), data: z.looseObject({}) }),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  spans: z.array(z.strictObject({ from: z.number(), to: z.number() })).min(1),
  role: z.enum(['train', 'test']),
})

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Reads a job from the queue. Throws VALIDATION_FAILED: it may come from another version. */
export const readTrialJob = (bytes: Uint8Array): TrialJob => {
  try {
    return Job.parse(JSON.parse(decoder.decode(bytes))) as unknown as TrialJob
  } catch (cause) {
    if (hasCode(cause, 'VALIDATION_FAILED')) throw cause
    const detail = Error.isError(cause) ? cause.message.slice(0, 300) : String(cause)
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `the job is not a trial of this version: ${detail}`,
      {
        cause,
        hint: 'Start coordinator and workers from the same version.',
      },
    )
  }
}
