import type { Producer } from './envelope.ts'
import { eventId } from './ids.ts'
import type { Message, Output } from './message.ts'
import { MESSAGES } from './subjects.ts'

/** What an output inherits: the message that was handled, or the run alone where a chain begins. */
export type Cause = Pick<Message, 'event_id' | 'run_id' | 'correlation_id'>

/** What only the shell knows of a message: its place, its cause, who made it. */
export type Seal = {
  /** The publisher's own gap-free sequence. */
  readonly seq: number
  readonly runId: string
  /** Null where the run itself is the cause. */
  readonly cause: Cause | null
  readonly producer: Producer
  /** Wall clock in ms. Nothing is decided from it. */
  readonly recordedAt: number
}

/** An output as an envelope. Pure: the same output with the same seal is the same message, to the byte. */
export const sealMessage = (output: Output, seal: Seal): Message => {
  const { seq, runId, cause, producer, recordedAt } = seal
  return {
    event_id: eventId(runId, output.type, output.aggregate_id, output.aggregate_version),
    seq,
    type: output.type,
    schema_version: MESSAGES[output.type].version,
    aggregate_type: MESSAGES[output.type].aggregate,
    aggregate_id: output.aggregate_id,
    aggregate_version: output.aggregate_version,
    occurred_at: output.occurred_at,
    recorded_at: recordedAt,
    run_id: runId,
    correlation_id: output.correlation_id ?? cause?.correlation_id ?? null,
    causation_id: cause === null ? null : cause.event_id,
    producer,
    payload: output.payload,
  } as Message
}
