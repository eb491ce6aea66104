import type { Instrument, Side } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'

/** A client's order took what the market displayed. Whole ticks and lots. */
export type ClientTake = {
  readonly symbol: string
  /** Of the client: a buy took from the asks. */
  readonly side: Side
  readonly lots: number
  /** Worst price at which it took. */
  readonly priceTicks: number
}

/**
 * Where prices come from: everybody who is not a client of the venue. Pulled, synchronous, in the order of
 * time, so that the venue stays a function of its inputs; what has to be read or waited for is read ahead
 * by `prepare`.
 */
export interface MarketSource {
  readonly instruments: readonly Instrument[]
  /** Where the venue's clock starts, ms: the first event is not before it. */
  readonly startTime: number
  /**
   * Everything since the last call up to and including `time`, oldest first; books start with a
   * snapshot. `clock` and `feed` events are never among them.
   */
  advanceTo(time: number): readonly MarketEvent[]
  /** Clients are part of the market: takes move the price where the source can be moved. */
  taken(take: ClientTake): void
  /**
   * Where it stands, as JSON, for whoever opens the same source again; absent where there is nothing that
   * could be gone on with.
   */
  snapshot?(): object
  /** Time of the last event, once it is known that there is nothing after it; null while there may be. */
  readonly endTime: number | null
}

/** A source that reads or waits: `prepare(time)` before `advanceTo(time)`. */
export interface PreparedMarketSource extends MarketSource {
  /** Reads ahead until `advanceTo(time)` has all that there is. */
  prepare(time: number): Promise<void>
  stop(): Promise<void>
}
