import type { ReconciliationCompleted } from '@tapedeck/contracts'
import type { Difference } from './difference.ts'

/** A difference that a look has shown and that does not count yet. */
export type Suspect = {
  readonly key: string
  /** The look that showed it first, by its number in the run and its market time. */
  readonly look: number
  readonly lookAt: number
  /** Market time at which our books had read everything that the tape held at that look; null until then. */
  readonly readAt: number | null
  /** A start's look showed it: until another look tells, nothing may be traded. */
  readonly atStart: boolean
}

/** Checkpoints of before a look was read back hold keys alone; what they suspect counts at the next look. */
export type SavedSuspect = Suspect | string

/** How much of the market's time news has to reach the tape that was on its way at a look. */
const ON_ITS_WAY_MS = 2_000

export const restoreSuspects = (saved: readonly SavedSuspect[]): Suspect[] =>
  saved.map((one) =>
    typeof one === 'string'
      ? { key: one, look: 0, lookAt: 0, readAt: 0, atStart: false }
      : { ...one },
  )

/**
 * The reconciler has read on the tape that a look of its own is done: whatever lay there when that look was taken is
 * in our books now. A later look of the run says so too, in case that one was never read.
 */
export const readBack = (
  suspects: readonly Suspect[],
  { run_number, at }: Pick<ReconciliationCompleted, 'run_number' | 'at'>,
  now: number,
): Suspect[] =>
  suspects.map((one) =>
    one.readAt === null && one.look <= run_number && one.lookAt <= at
      ? { ...one, readAt: now }
      : one,
  )

/**
 * Whether what is suspected counts when a look at market time `now` still shows it. Two looks prove nothing while our
 * books are behind the tape: a service that reads what was written while it was paused takes both within moments,
 * and neither knows what the tape tells further on.
 */
export const isProven = (suspects: readonly Suspect[], key: string, now: number): boolean =>
  suspects.some(
    (one) => one.key === key && one.readAt !== null && now - one.readAt >= ON_ITS_WAY_MS,
  )

/** What stays suspected after a look, and what it suspects for the first time. */
export const suspectsAfter = (
  suspects: readonly Suspect[],
  shown: readonly Difference[],
  look: Pick<Suspect, 'look' | 'lookAt' | 'atStart'>,
): Suspect[] =>
  shown.map(({ key }) => suspects.find((one) => one.key === key) ?? { key, ...look, readAt: null })
