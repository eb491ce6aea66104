import type { MessageType, ServiceName } from '@tapedeck/contracts'
import type { ArchiveDamage, ArchivePlace } from '../archive/index.ts'

/**
 * Why a recorded message was not computed again:
 * - `INPUT`: it came from outside (prints, book, marks, feeds, an operator): only its envelope is checked;
 * - `AFTER_DAMAGE`: something that its service may have read is lost;
 * - `DECIDER_FAILED`: today's decider threw before it got there;
 * - `VENUE_NOT_RECORDED`: what the venue had answered was not kept;
 * - `SOURCE_OF_BARS`: the source gave bars, and no prints to make them from.
 */
export type UncheckedReason =
  | 'INPUT'
  | 'AFTER_DAMAGE'
  | 'DECIDER_FAILED'
  | 'VENUE_NOT_RECORDED'
  | 'SOURCE_OF_BARS'

export type TypeCount = {
  equal: number
  different: number
  /** Computed, and not recorded. */
  missing: number
  /** Recorded, and not computed. */
  extra: number
  /** Computed at the very end of a record that was not finished: it would have come next. */
  ahead: number
  unchecked: Partial<Record<UncheckedReason, number>>
}

/** A message by its place. */
export type MessageRef = {
  readonly tape_seq: number
  readonly type: MessageType
  readonly seq: number
  readonly event_id: string
}

/** One message of which the record and today's core say different things. */
export type Difference = {
  readonly verdict: 'different' | 'missing' | 'extra'
  readonly run_id: string
  readonly service: ServiceName
  readonly type: MessageType
  readonly event_id: string
  /** Null where nothing was recorded. */
  readonly seq: number | null
  readonly tape_seq: number | null
  readonly place: ArchivePlace | null
  readonly occurred_at: number
  /** The first field that differs, e.g. `payload.order.quantity`; null where a whole message does. */
  readonly path: string | null
  readonly recorded: unknown
  readonly recomputed: unknown
  /** What the service was handling: computed from it, or recorded as caused by it. */
  readonly cause: MessageRef | null
}

/** A decision that was asked for by its id. */
export type VerifiedMessage = {
  readonly verdict: 'equal' | 'different' | 'extra' | 'unchecked'
  readonly tape_seq: number
  readonly cause: MessageRef | null
  readonly message: unknown
  /** As today's core computes it; null where it could not. */
  readonly recomputed: unknown
}

/** A service that recorded with another version of the code, or by another configuration, than these here. */
export type ProducerDifference = {
  readonly service: ServiceName
  readonly what: 'version' | 'config_hash'
  readonly recorded: string
  readonly here: string
}

export type RunReport = {
  readonly run_id: string
  readonly messages: number
  readonly first_tape_seq: number | null
  readonly last_tape_seq: number | null
  /** Market time of the first and the last message, ms. */
  readonly from: number | null
  readonly to: number | null
  /** The record holds the run's end. Without it, whether more was recorded cannot be seen from files. */
  readonly ended: boolean
  readonly types: Readonly<Partial<Record<MessageType, TypeCount>>>
  readonly differences_total: number
  /** The first of them, in the order of the tape. */
  readonly differences: readonly Difference[]
  readonly producers: readonly ProducerDifference[]
  /** Deciders that threw: what they said, and on which message. */
  readonly failures: readonly { service: ServiceName; error: string; cause: MessageRef }[]
  readonly damage: readonly ArchiveDamage[]
  /** The messages that were asked for by an id; empty otherwise. */
  readonly asked: readonly VerifiedMessage[]
}

/** `damaged`: nothing differs in what could be read, and something could not be. */
export type Verdict = 'equal' | 'different' | 'damaged'

export type VerifyReport = {
  readonly verdict: Verdict
  readonly messages: number
  readonly runs: readonly RunReport[]
}

export const noCount = (): TypeCount => ({
  equal: 0,
  different: 0,
  missing: 0,
  extra: 0,
  ahead: 0,
  unchecked: {},
})

export const verdictOf = (runs: readonly RunReport[]): Verdict => {
  if (runs.some((run) => run.differences_total > 0 || run.failures.length > 0)) return 'different'
  return runs.some(({ damage }) => damage.length > 0) ? 'damaged' : 'equal'
}
