import type { ReconciliationCompleted } from '@tapedeck/contracts'
import { type SavedSuspect, type Suspect, restoreSuspects } from './suspect.ts'

export type LookTrigger = ReconciliationCompleted['trigger']

/** What the reconciler remembers beside our books and the outcomes of break attempts. */
export type ReconcilerState = {
  now: number
  pending: LookTrigger | null
  lastLookAt: number
  lastClean: boolean
  runNumber: number
  /** Differences of the last look that were not counted yet. */
  suspected: Suspect[]
  /** Differences that were reported and are still there. */
  standing: string[]
  /** How often a difference has come back, so that its ids are new when it does. */
  episodes: [string, number][]
  feedsDown: string[]
  /** Live venues only: their clock at the last look. */
  venueAt?: number
  /** Live venues only: when something that stands was last asked for again. */
  askedAgainAt?: number
}

/** The state as a checkpoint holds it. */
export type SavedReconcilerState = Omit<ReconcilerState, 'suspected'> & {
  suspected: SavedSuspect[]
}

export const initialState = (): ReconcilerState => ({
  now: 0,
  pending: null,
  lastLookAt: 0,
  lastClean: true,
  runNumber: 0,
  suspected: [],
  standing: [],
  episodes: [],
  feedsDown: [],
})

export const restoreState = (saved: SavedReconcilerState): ReconcilerState => ({
  ...saved,
  suspected: restoreSuspects(saved.suspected),
})
