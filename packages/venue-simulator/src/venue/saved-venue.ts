import type { SavedLimits, SavedListenKeys } from '../binance/index.ts'
import { EXCHANGE_STATE_VERSION, type SavedExchange } from '../exchange/index.ts'
import type { SavedFaults } from '../faults/index.ts'
import type { SavedStreams } from '../sockets/index.ts'
import type { KeySpec } from './account-spec.ts'

/** Changes whenever anything that is saved does. */
export const VENUE_STATE_VERSION = 200 + EXCHANGE_STATE_VERSION

/**
 * A venue between two calls, as JSON: it holds the secrets of its keys. Connections are no part of it, nor
 * are messages on their way to them: a venue that comes back has neither.
 */
export type SavedVenue = {
  readonly version: number
  readonly seed: number
  readonly exchange: SavedExchange
  readonly keys: readonly KeySpec[]
  readonly listenKeys: SavedListenKeys
  readonly limits: SavedLimits
  readonly faults: SavedFaults
  readonly streams: SavedStreams
  /** Where the market stood; null when it cannot be gone on with. */
  readonly source: object | null
}

/** Throws a RangeError on what this version did not save, and on a state of another seed. */
export const checkSavedVenue = (saved: SavedVenue, seed: number): void => {
  if (saved.version !== VENUE_STATE_VERSION)
    throw new RangeError(
      `saved venue of version ${String(saved.version)}: expected ${VENUE_STATE_VERSION}`,
    )
  if (saved.seed !== seed)
    throw new RangeError(`saved venue of seed ${saved.seed}: expected ${seed}`)
}
