import type { Json } from '@tapedeck/core'

/** How far a source has been played, as it stands in the checkpoint. */
export interface PlayState {
  readonly key: string
  readonly phase: 'new' | 'playing' | 'ended'
  readonly lockstep: boolean
  /** In real time since: each piece of the source is appended by itself from here on. */
  readonly prompt: boolean
  /** Why the source could not be played to its end. */
  readonly failure: string | null
  /** Events taken from the source, for one that can be played again. */
  readonly events: number
  /** Tape sequence up to which every service has handled everything. */
  readonly settled: number
  readonly composer: Json
}

export const writePlayState = (state: PlayState): Json => ({ ...state })

/** The state of a checkpoint, or null when none was ever saved. */
export const readPlayState = (json: unknown): PlayState | null => {
  if (typeof json !== 'object' || json === null || !('key' in json)) return null
  return json as PlayState
}
