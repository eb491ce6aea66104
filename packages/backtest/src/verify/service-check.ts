import {
  type Message,
  type Output,
  type ServiceName,
  canonicalJson,
  eventId,
  sealMessage,
} from '@tapedeck/contracts'
import type { ArchivedMessage } from '../archive/index.ts'
import { firstDifference } from './first-difference.ts'
import type { Tally } from './tally.ts'
import type { MessageRef, UncheckedReason } from './verify-report.ts'

/** What an output inherits from the message that was handled, and where that lies. */
export type HandledCause = {
  readonly ref: MessageRef
  readonly event_id: string
  readonly run_id: string
  readonly correlation_id: string | null
}

/** An output that today's core made; `cause` null where the run itself is the cause. */
type Computed = { readonly output: Output; readonly cause: HandledCause | null }

export const causeOf = ({ tapeSeq, message }: ArchivedMessage): HandledCause => ({
  ref: { tape_seq: tapeSeq, type: message.type, seq: message.seq, event_id: message.event_id },
  event_id: message.event_id,
  run_id: message.run_id,
  correlation_id: message.correlation_id,
})

const decoder = new TextDecoder()

const isSame = (text: string, bytes: Uint8Array): boolean =>
  Buffer.byteLength(text) === bytes.length &&
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).equals(Buffer.from(text))

/**
 * What one service recorded against what today's core makes of the same inputs. What was computed waits
 * in order; each recorded message has to be the next. A message is taken for another one only when its
 * id (run, type, aggregate, version) is another's.
 */
export class ServiceCheck {
  readonly #service: ServiceName
  readonly #runId: string
  readonly #tally: Tally
  #waiting: Computed[] = []
  #taken = 0
  #lastSeq: number | null = null
  /** Why nothing more can be computed. */
  #blind: UncheckedReason | null = null

  constructor(service: ServiceName, runId: string, tally: Tally) {
    this.#service = service
    this.#runId = runId
    this.#tally = tally
  }

  /** Nothing that is recorded from here on can be computed again. */
  giveUp(reason: UncheckedReason): void {
    this.#blind ??= reason
    this.#waiting = []
    this.#taken = 0
  }

  /** The decider threw. */
  fail(error: unknown, cause: HandledCause): void {
    if (this.#blind !== null) return
    this.#tally.failed(this.#service, error, cause.ref)
    this.giveUp('DECIDER_FAILED')
  }

  get isBlind(): boolean {
    return this.#blind !== null
  }

  computed(outputs: readonly Output[], cause: HandledCause | null): void {
    if (this.#blind === null) for (const output of outputs) this.#waiting.push({ output, cause })
  }

  /** A message that came from outside: it has its place in the sequence, and its id is derived. */
  input(recorded: ArchivedMessage, reason: UncheckedReason = 'INPUT'): void {
    const { message } = recorded
    if (this.#blind !== null) return this.#unchecked(recorded, this.#blind)
    const derived = {
      event_id: eventId(this.#runId, message.type, message.aggregate_id, message.aggregate_version),
      seq: this.#nextSeq(message),
    }
    const { event_id, seq } = message
    this.#lastSeq = message.seq
    const found = firstDifference({ event_id, seq }, derived)
    if (found === null) this.#tally.unchecked(recorded, reason)
    else this.#tally.differs('different', recorded, found, null, null)
  }

  /** A message that this service decided. */
  recorded(recorded: ArchivedMessage): void {
    if (this.#blind !== null) return this.#unchecked(recorded, this.#blind)
    const seq = this.#nextSeq(recorded.message)
    this.#lastSeq = recorded.message.seq
    const computed = this.#match(recorded.message)
    if (computed === null) {
      const cause = this.#causeOf(recorded.message)
      const at = { path: null, recorded: recorded.message.payload, recomputed: null }
      this.#tally.differs('extra', recorded, at, cause, null)
      return
    }
    this.#compare(recorded, computed, seq)
  }

  /** What was computed before and not recorded is missing. */
  settle(): void {
    for (let one = this.#take(); one !== null; one = this.#take())
      this.#tally.missing(this.#seal(one, 0), one.cause?.ref ?? null)
  }

  /** The record is over. `finished`: nothing more was to come. */
  end(finished: boolean): void {
    if (finished) return this.settle()
    for (let one = this.#take(); one !== null; one = this.#take())
      this.#tally.ahead(this.#seal(one, 0))
  }

  #unchecked(recorded: ArchivedMessage, reason: UncheckedReason): void {
    this.#tally.unchecked(recorded, reason)
  }

  /** A run may begin anywhere in the service's own sequence; from there on it has no holes. */
  #nextSeq(message: Message): number {
    return this.#lastSeq === null ? message.seq : this.#lastSeq + 1
  }

  #peek(ahead = 0): Computed | null {
    return this.#waiting[this.#taken + ahead] ?? null
  }

  #take(): Computed | null {
    const next = this.#peek()
    if (next === null) return null
    this.#taken++
    if (this.#taken === this.#waiting.length) {
      this.#waiting = []
      this.#taken = 0
    }
    return next
  }

  /** What was computed for a recorded message; what should have come before it is missing. */
  #match(message: Message): Computed | null {
    const isIts = ({ output }: Computed): boolean =>
      output.type === message.type &&
      output.aggregate_id === message.aggregate_id &&
      output.aggregate_version === message.aggregate_version
    let ahead = 0
    while (this.#peek(ahead) !== null && !isIts(this.#peek(ahead)!)) ahead++
    if (this.#peek(ahead) === null) {
      // Another of the same type from the same cause is the one that it should have been.
      const next = this.#peek()
      const isInstead =
        next?.output.type === message.type && next.cause?.event_id === message.causation_id
      return isInstead ? this.#take() : null
    }
    for (; ahead > 0; ahead--) {
      const one = this.#take()!
      this.#tally.missing(this.#seal(one, 0), one.cause?.ref ?? null)
    }
    return this.#take()
  }

  #causeOf({ causation_id }: Message): MessageRef | null {
    const next = this.#peek()
    return next?.cause?.event_id === causation_id ? (next.cause?.ref ?? null) : null
  }

  #seal({ output, cause }: Computed, seq: number, like?: Message): Message {
    return sealMessage(output, {
      seq,
      runId: this.#runId,
      cause,
      // Who recorded it and when is told apart; everything else has to be the same.
      producer: like?.producer ?? { service: this.#service, version: '-', config_hash: '-' },
      recordedAt: like?.recorded_at ?? 0,
    })
  }

  #compare(recorded: ArchivedMessage, computed: Computed, seq: number): void {
    const { message, bytes } = recorded
    const sealed = this.#seal(computed, seq, message)
    const text = JSON.stringify(sealed)
    const ref = computed.cause?.ref ?? null
    if (isSame(text, bytes)) {
      this.#tally.equal(recorded, ref)
      return
    }
    const own: unknown = JSON.parse(decoder.decode(bytes))
    // What an older version recorded is compared as this one reads it.
    const isOlder = (own as Message).schema_version < message.schema_version
    const theirs: unknown = isOlder ? message : own
    const ours: unknown = JSON.parse(text)
    if (canonicalJson(theirs) === canonicalJson(ours)) this.#tally.equal(recorded, ref)
    else {
      const found = firstDifference(theirs, ours)!
      this.#tally.differs('different', recorded, found, ref, sealed)
    }
  }
}
