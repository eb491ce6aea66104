import {
  MESSAGES,
  eventId,
  sealMessage,
  type Message,
  type MessageType,
  type Output,
  type Producer,
} from '@tapedeck/contracts'
import { plainPayload } from './plain-payload.ts'

/** Who appends, in which run: what all messages of one publisher share. */
export type Publisher = { readonly runId: string; readonly producer: Producer }

/**
 * A message on the tape in memory. It reads like an envelope, but its id and the chain of causes are
 * worked out when somebody asks: most messages are handled and forgotten without it.
 *
 * Columns of a `market.trades` payload may be views of memory that is used again after the step:
 * whoever keeps a message keeps its `toEnvelope()`.
 */
export class TapeMessage<T extends MessageType = MessageType> {
  readonly type: T
  readonly seq: number
  readonly aggregate_id: string
  readonly aggregate_version: number
  readonly occurred_at: number
  readonly correlation_id: string | null
  readonly payload: Message<T>['payload']
  /** What the decider gave, or the composer. */
  readonly output: Output
  readonly #from: Publisher
  readonly #cause: TapeMessage | null
  #id: string | null = null

  constructor(output: Output, seq: number, from: Publisher, cause: TapeMessage | null) {
    this.type = output.type as T
    this.seq = seq
    this.aggregate_id = output.aggregate_id
    this.aggregate_version = output.aggregate_version
    this.occurred_at = output.occurred_at
    this.correlation_id = output.correlation_id ?? cause?.correlation_id ?? null
    this.payload = output.payload as Message<T>['payload']
    this.output = output
    this.#from = from
    this.#cause = cause
  }

  get event_id(): string {
    this.#id ??= eventId(this.run_id, this.type, this.aggregate_id, this.aggregate_version)
    return this.#id
  }

  get run_id(): string {
    return this.#from.runId
  }

  get causation_id(): string | null {
    return this.#cause === null ? null : this.#cause.event_id
  }

  /** What was handled when this was decided; null for what the market tells. */
  get cause(): TapeMessage | null {
    return this.#cause
  }

  get producer(): Producer {
    return this.#from.producer
  }

  get schema_version(): number {
    return MESSAGES[this.type].version
  }

  get aggregate_type(): string {
    return MESSAGES[this.type].aggregate
  }

  /** There is no wall clock in here: what is decided in market time is recorded in it. */
  get recorded_at(): number {
    return this.occurred_at
  }

  /** The envelope as a service would have appended it, sharing nothing that is used again. */
  toEnvelope(): Message {
    const { runId, producer } = this.#from
    return sealMessage(plainPayload(this.output), {
      seq: this.seq,
      runId,
      cause: this.#cause,
      producer,
      recordedAt: this.recorded_at,
    })
  }

  toJSON(): Message {
    return this.toEnvelope()
  }
}
