import type { Json } from '@tapedeck/core'

/** What the shell itself has to remember across a crash, beside the brain's snapshot. */
export interface ShellState {
  readonly brain: Json | undefined
  /** The run in progress is played in lockstep: wait for the baton. */
  readonly lockstep: boolean
  /** Tape sequences that the brain could not handle, so that it skips them again. */
  readonly skipped: readonly number[]
}

export const FRESH: ShellState = { brain: undefined, lockstep: false, skipped: [] }

export const packState = (state: ShellState): Json => ({
  brain: state.brain ?? null,
  lockstep: state.lockstep,
  skipped: [...state.skipped],
})

/** Reads a checkpoint's state; anything else than what `packState` wrote is a broken invariant. */
export const unpackState = (json: Json): ShellState => {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TypeError('checkpoint state is not an object')
  const { brain, lockstep, skipped } = json
  if (typeof lockstep !== 'boolean' || !Array.isArray(skipped))
    throw new TypeError('checkpoint state has no lockstep flag or no list of skipped messages')
  return {
    brain: brain ?? undefined,
    lockstep,
    skipped: skipped as number[],
  }
}
