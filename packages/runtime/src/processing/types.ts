import type { Decoded, Message, MessageType, Output, ServiceName } from '@tapedeck/contracts'
import type { Json } from '@tapedeck/core'

/** A message as it lies on the tape. */
export interface RawMessage {
  /** Its place in the one total order. */
  readonly seq: number
  readonly subject: string
  readonly bytes: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  /** The decoded envelope, where readers share one decoding. */
  decoded?(): Decoded
}

/** What is appended to the tape; `id` de-duplicates. */
export interface TapeRecord {
  readonly subject: string
  readonly id: string
  readonly bytes: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** The tape as a service sees it. Implemented by the bus. */
export interface TapePort {
  /** Appends in order and returns the tape sequence of each. Waits while NATS is away. */
  append(records: readonly TapeRecord[]): Promise<number[]>
  lastSeq(): Promise<number>
  /** The newest message on a subject filter, or null. */
  lastOf(subjectFilter: string): Promise<RawMessage | null>
  /** The message at a sequence, or null when the tape does not hold it. */
  get(seq: number): Promise<RawMessage | null>
}

/** Ordered reading from a position: one consumer, or a hub that several services in a process share. */
export interface ReaderPort {
  read(options: {
    readonly after: number
    readonly subjects: readonly string[]
    readonly onBatch: (messages: readonly RawMessage[]) => Promise<void>
  }): { stop(): Promise<void> }
}

/** Where a service stands: the tape sequence it is current to, its next `seq`, and its state. */
export interface Checkpoint {
  readonly tapeSeq: number
  readonly nextSeq: number
  /** The run in progress; what an operator does belongs to it. */
  readonly runId: string | null
  /** `{brain, lockstep, skipped}`, see `shell-state.ts`; null when none was ever saved. */
  readonly state: Json
}

/** One row of the outbox: an envelope of ours and where on the tape it came to lie. */
export interface OutboxRecord {
  readonly seq: number
  readonly type: string
  readonly subject: string
  readonly eventId: string
  readonly bytes: Uint8Array
}

/** What one unit of work leaves behind, all in one transaction. `Tx` is the database's own handle. */
export interface Effects<Tx> {
  readonly checkpoint: Checkpoint
  readonly outbox: readonly OutboxRecord[]
  /** Ledger rows of these outputs; idempotent, because a stream service may project them twice. */
  readonly project: ((tx: Tx) => Promise<void>) | null
}

/** The service's own tables. Implemented on the database package. */
export interface StorePort<Tx> {
  checkpoint(): Promise<Checkpoint>
  /** Makes the newest checkpoint at or before `tapeSeqMax` the current one. For stream services. */
  rewind(tapeSeqMax: number): Promise<Checkpoint>
  /** Lowers the mark alone: state and `nextSeq` stand, because what they stand for is committed. */
  lowerMark(tapeSeqMax: number): Promise<Checkpoint>
  /** Writes all or nothing. Waits while Postgres is away; throws only what ends the service. */
  commit(effects: Effects<Tx>): Promise<void>
  /** Rows with `seq` above, oldest first. */
  outboxAfter(seq: number, limit: number): Promise<readonly OutboxRecord[]>
  markPublished(rows: readonly { readonly seq: number; readonly tapeSeq: number }[]): Promise<void>
}

/** An envelope that this service appends, with the output it was made from. */
export interface Sealed {
  readonly seq: number
  readonly eventId: string
  readonly subject: string
  readonly bytes: Uint8Array
  /** W3C trace context for the message's headers. */
  readonly headers: Readonly<Record<string, string>>
  readonly message: Message
}

/** A message that was handled, with the bytes that lie on the tape. */
export interface Handled {
  readonly message: Message
  readonly raw: RawMessage
}

/** Is told of outputs that are on the tape. */
export type OutputObserver = (message: Message, told: { readonly isNew: boolean }) => void

/** What a service is, as a table that a reader takes in at a glance. */
export interface Processing<Tx> {
  readonly service: ServiceName
  /** `stream`: outputs go straight to the tape. `durable`: through the outbox, in one transaction with the state. */
  readonly kind: 'stream' | 'durable'
  /** Everything that it reads; nothing else is decoded. */
  readonly reads: readonly MessageType[]
  /** Builds the brain, fresh or from its snapshot. */
  create(snapshot: Json | undefined): Brain
  /** Writes ledger rows for what was appended. Must be idempotent. */
  readonly project?: (
    tx: Tx,
    outputs: readonly Sealed[],
    inputs: readonly Handled[],
  ) => Promise<void>
  /**
   * Told of each output when it is on the tape, in order. `isNew` is false for those that the tape held
   * before a restart and that were computed again: a gauge follows all, a counter counts what is new.
   */
  readonly observe?: OutputObserver
  /**
   * The ledger needs inputs too: all (the journal), or those of some types (labels that somebody else
   * decides). A durable service commits each of them as an effect; a stream service projects them with its
   * next checkpoint, so they must be as idempotent as outputs.
   */
  readonly projectsInputs?: true | readonly MessageType[]
}

/** A decider, possibly one that asks the outside world before it answers (the reconciler's venue). */
export interface Brain {
  handle(message: Message): Output[] | Promise<Output[]>
  snapshot(): Json
}

/** What the shell reports about its work. */
export interface ProcessingMetrics {
  handled(type: string, count: number): void
  appended(type: string): void
  deadLettered(reason: string): void
  position(tapeSeq: number): void
  checkpointed(seconds: number): void
}

/** Copies an unreadable or unhandleable message to the dead letters. */
export type DeadLetter = (letter: {
  readonly reason: string
  readonly detail: string
  readonly attempts: number
  readonly message: RawMessage
}) => Promise<void>
