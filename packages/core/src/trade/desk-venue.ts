import type { Json } from '../decider.ts'
import type { Dec } from '../decimal/index.ts'
import type { DepthChange, OrderTicket, VenueEvent } from '../matching/index.ts'

/** Where orders go: the paper venue, or what stands for another one. */
export type VenueLink = {
  submit(ticket: OrderTicket, at: number): void
  cancel(clientOrderId: string, at: number): void
}

/**
 * What a desk needs of its venue. On paper it is a `MatchingEngine`, which answers by prints and books; a
 * remote one answers by reports on the tape, and by nothing else.
 */
export interface DeskVenue extends VenueLink {
  /** Price of the last print, null before the first. */
  readonly lastTicks: number | null
  /** True when no print can matter to it. */
  isIdle(): boolean
  onTrade(ticks: number, lots: number, time: number, maker: 0 | 1): readonly VenueEvent[]
  onDepth(change: DepthChange): readonly VenueEvent[]
  /** The next thing that has arrived there by `time`; null when there is none. */
  processNext(time: number): readonly VenueEvent[] | null
  /** Charges funding where the venue's own rules are ours to compute; null where it tells of it. */
  fund(rate: number, markPrice: number): Dec | null
  snapshot(): Json
}
