import type { Instrument, TradingState } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { VenueWalletJson } from './venue-wallet.ts'

/** What execution remembers beside its desks. JSON-safe. */
export type ExecutionState = {
  runId: string | null
  now: number
  tradingState: TradingState
  reconciled: boolean
  sessionStartEquity: string | null
  /** Decisions that were read, so that an approval counts once. */
  decisions: string[]
  corrections: string[]
  lastAccountAt: number
  /** A live venue is traded on from a live market alone, never from a recorded or a generated one. */
  liveMarket: boolean
}

/** The decider as it lies in checkpoints. */
export type DeciderJson = {
  state: ExecutionState
  versions: [string, number][]
  instruments: Instrument[]
  desks: [string, Json][]
  /** Live venues only. */
  wallet?: VenueWalletJson
}

const REMEMBERED_MAX = 500

export const initialState = (
  runId: string | null,
  now: number,
  liveMarket: boolean,
): ExecutionState => ({
  runId,
  now,
  // Nothing is entered before risk and reconciliation have said so.
  tradingState: 'HALTED',
  reconciled: false,
  sessionStartEquity: null,
  decisions: [],
  corrections: [],
  lastAccountAt: 0,
  liveMarket,
})

/** Notes an id that must not count twice, bounded. */
export const remember = (list: string[], id: string): void => {
  list.push(id)
  if (list.length > REMEMBERED_MAX) list.shift()
}
