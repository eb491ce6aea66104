import type { ExecutionConfig, Instrument, Order } from '@tapedeck/contracts'
import type { Decider } from '../decider.ts'
import type { VenueSnapshot } from '../reconciliation/venue-snapshot.ts'

/** An order that is not over, with where it is: what a courier has to know of. */
export type OpenIntent = {
  readonly venue: string
  readonly symbol: string
  /** In PENDING_CANCEL when it is to be canceled, whatever happened to it since that was asked for. */
  readonly order: Order
}

/** What execution decides by. Instruments are those of the run; these are used before the first run. */
export type ExecutionDeciderConfig = {
  readonly execution: ExecutionConfig
  readonly instruments?: readonly Instrument[]
}

/** Execution's brain, and what is asked of it beside the tape. */
export interface ExecutionDecider extends Decider {
  /** The paper venue's own books, as a venue would answer; empty where the venue is elsewhere. */
  venueSnapshot(): VenueSnapshot
  /** Orders that are not over: all that a courier goes on from after a restart. */
  openIntents(): OpenIntent[]
  /** Market time as it has come by the tape, while something is open that waits for it; null while nothing is. */
  timeAtStake(): number | null
  /** What should not have happened since the last call: refused transitions, refused exits. */
  takeProblems(): string[]
}

/** Orders that are not over by the tape, for whoever carries them to a venue. */
export const openIntents = (decider: ExecutionDecider): OpenIntent[] => decider.openIntents()

/** The venue-side truth of a paper execution decider, for reconciliation. */
export const venueSnapshot = (decider: ExecutionDecider): VenueSnapshot => decider.venueSnapshot()
