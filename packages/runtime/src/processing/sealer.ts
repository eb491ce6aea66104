import {
  type Message,
  type Output,
  type Producer,
  MESSAGES,
  eventId,
  scopeOf,
  subjectOf,
} from '@tapedeck/contracts'
import type { Sealed } from './types.ts'

const encoder = new TextEncoder()

/** What an output inherits: the message that was handled, or the run alone where a chain begins. */
export type Cause = Pick<Message, 'event_id' | 'run_id' | 'correlation_id'>

/**
 * Turns outputs into envelopes: gives each its id, its place in the service's own sequence, and its
 * cause. The only place where `recorded_at` (the wall clock) enters a message.
 */
export class Sealer {
  readonly #producer: Producer
  readonly #now: () => number
  nextSeq: number

  constructor(producer: Producer, nextSeq: number, now: () => number) {
    this.#producer = producer
    this.#now = now
    this.nextSeq = nextSeq
  }

  /** `cause` null means that the run itself is the cause (`runId` must then be given). */
  seal(output: Output, cause: Cause | null, runId: string = cause?.run_id ?? ''): Sealed {
    const seq = this.nextSeq++
    const id = eventId(runId, output.type, output.aggregate_id, output.aggregate_version)
    const message = {
      event_id: id,
      seq,
      type: output.type,
      schema_version: MESSAGES[output.type].version,
      aggregate_type: MESSAGES[output.type].aggregate,
      aggregate_id: output.aggregate_id,
      aggregate_version: output.aggregate_version,
      occurred_at: output.occurred_at,
      recorded_at: this.#now(),
      run_id: runId,
      correlation_id: output.correlation_id ?? cause?.correlation_id ?? null,
      causation_id: cause === null ? null : cause.event_id,
      producer: this.#producer,
      payload: output.payload,
    } as Message
    return {
      seq,
      eventId: id,
      subject: subjectOf(output.type, scopeOf(output.type, output.payload)),
      bytes: encoder.encode(JSON.stringify(message)),
      headers: {},
      message,
    }
  }
}
