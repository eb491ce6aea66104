import { gunzipSync, gzipSync } from 'node:zlib'
import { canonicalJson } from '@tapedeck/contracts'
import type { TrialOutcome } from '../trial-job.ts'

/** An outcome on its way: packed, since a test carries all of its trades. */
export const packOutcome = (outcome: TrialOutcome): Uint8Array =>
  gzipSync(canonicalJson(outcome), { level: 3 })

export const unpackOutcome = (bytes: Uint8Array): TrialOutcome =>
  JSON.parse(gunzipSync(bytes).toString('utf8')) as TrialOutcome

/** What goes to a thread, and what comes back. */
export type ThreadJob = { readonly ticket: number; readonly bytes: Uint8Array }
export type ThreadAnswer =
  | { readonly ticket: number; readonly result: Uint8Array }
  /** Not the trial's doing: on another machine, or later, it may be done. */
  | { readonly ticket: number; readonly reason: string; readonly detail: string }
