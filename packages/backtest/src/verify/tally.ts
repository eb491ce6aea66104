import {
  MESSAGES,
  TAPEDECK_VERSION,
  type Message,
  type MessageType,
  type ServiceName,
} from '@tapedeck/contracts'
import type { ArchiveDamage, ArchivedMessage } from '../archive/index.ts'
import {
  type Difference,
  type MessageRef,
  type ProducerDifference,
  type RunReport,
  type TypeCount,
  type UncheckedReason,
  type VerifiedMessage,
  noCount,
} from './verify-report.ts'

const DIFFERENCES_MAX = 100
const ASKED_MAX = 1_000

export type TallyScope = {
  /** Only messages for which this holds are counted and shown. */
  readonly counts: (message: Pick<Message, 'type' | 'occurred_at'>) => boolean
  /** Messages that were asked for; null when everything was. */
  readonly asked: ((message: Message) => boolean) | null
}

/** What is known of a run while it is verified. */
export class Tally {
  readonly #runId: string
  readonly #scope: TallyScope
  readonly #types = new Map<MessageType, TypeCount>()
  readonly #producers = new Map<string, ProducerDifference>()
  readonly #failures: { service: ServiceName; error: string; cause: MessageRef }[] = []
  readonly #differences: Difference[] = []
  readonly #asked: VerifiedMessage[] = []
  readonly #damage: ArchiveDamage[] = []
  #differencesTotal = 0
  #messages = 0
  #firstSeq: number | null = null
  #lastSeq: number | null = null
  #from: number | null = null
  #to: number | null = null
  #ended = false

  constructor(runId: string, scope: TallyScope) {
    this.#runId = runId
    this.#scope = scope
  }

  get messages(): number {
    return this.#messages
  }

  get hasDamage(): boolean {
    return this.#damage.length > 0
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Every recorded message, before it is judged. */
  read({ tapeSeq, message }: ArchivedMessage): void {
    this.#messages++
    this.#firstSeq ??= tapeSeq
    this.#lastSeq = tapeSeq
    if (message.occurred_at > 0) this.#from ??= message.occurred_at
    this.#to = Math.max(this.#to ?? 0, message.occurred_at)
    if (message.type === 'market.run.ended') this.#ended = true
  }

  /** Who recorded it, where that is not this code with this configuration. */
  producer({ producer }: Message, service: ServiceName, configHash: string): void {
    this.#unlike(service, 'version', producer.version, TAPEDECK_VERSION)
    this.#unlike(service, 'config_hash', producer.config_hash, configHash)
  }

  #unlike(
    service: ServiceName,
    what: ProducerDifference['what'],
    recorded: string,
    here: string,
  ): void {
    if (recorded === here) return
    const key = `${service} ${what} ${recorded}`
    if (!this.#producers.has(key)) this.#producers.set(key, { service, what, recorded, here })
  }

  equal(recorded: ArchivedMessage, cause: MessageRef | null): void {
    if (!this.#isInScope(recorded.message)) return
    this.#of(recorded.message.type).equal++
    this.#show(recorded, cause, 'equal', null)
  }

  unchecked(recorded: ArchivedMessage, reason: UncheckedReason): void {
    if (!this.#isInScope(recorded.message)) return
    const { unchecked } = this.#of(recorded.message.type)
    unchecked[reason] = (unchecked[reason] ?? 0) + 1
    this.#show(recorded, null, 'unchecked', null)
  }

  /** Recorded, and computed differently, or not at all (`recomputed` null). */
  differs(
    verdict: 'different' | 'extra',
    recorded: ArchivedMessage,
    at: Pick<Difference, 'path' | 'recorded' | 'recomputed'>,
    cause: MessageRef | null,
    recomputed: Message | null,
  ): void {
    const { message, tapeSeq, place } = recorded
    if (!this.#isInScope(message)) return
    this.#of(message.type)[verdict]++
    this.#show(recorded, cause, verdict, recomputed)
    this.#differ({
      verdict,
      run_id: this.#runId,
      service: MESSAGES[message.type].publisher,
      type: message.type,
      event_id: message.event_id,
      seq: message.seq,
      tape_seq: tapeSeq,
      place,
      occurred_at: message.occurred_at,
      ...at,
      cause,
    })
  }

  missing(recomputed: Message, cause: MessageRef | null): void {
    if (!this.#isInScope(recomputed)) return
    this.#of(recomputed.type).missing++
    this.#differ({
      verdict: 'missing',
      run_id: this.#runId,
      service: MESSAGES[recomputed.type].publisher,
      type: recomputed.type,
      event_id: recomputed.event_id,
      seq: null,
      tape_seq: null,
      place: null,
      occurred_at: recomputed.occurred_at,
      path: null,
      recorded: null,
      recomputed: recomputed.payload,
      cause,
    })
  }

  ahead(recomputed: Message): void {
    if (this.#isInScope(recomputed)) this.#of(recomputed.type).ahead++
  }

  failed(service: ServiceName, error: unknown, cause: MessageRef): void {
    this.#failures.push({ service, error: String(error), cause })
  }

  damaged(damage: ArchiveDamage): void {
    this.#damage.push(damage)
  }

  report(): RunReport {
    return {
      run_id: this.#runId,
      messages: this.#messages,
      first_tape_seq: this.#firstSeq,
      last_tape_seq: this.#lastSeq,
      from: this.#from,
      to: this.#to,
      ended: this.#ended,
      types: Object.fromEntries(this.#types),
      differences_total: this.#differencesTotal,
      differences: this.#differences,
      producers: [...this.#producers.values()],
      failures: this.#failures,
      damage: this.#damage,
      asked: this.#asked,
    }
  }

  #isInScope(message: Message): boolean {
    const { counts, asked } = this.#scope
    return counts(message) && (asked === null || asked(message))
  }

  #of(type: MessageType): TypeCount {
    let count = this.#types.get(type)
    if (count === undefined) {
      count = noCount()
      this.#types.set(type, count)
    }
    return count
  }

  #differ(difference: Difference): void {
    this.#differencesTotal++
    if (this.#differences.length < DIFFERENCES_MAX) this.#differences.push(difference)
  }

  #show(
    { tapeSeq, message }: ArchivedMessage,
    cause: MessageRef | null,
    verdict: VerifiedMessage['verdict'],
    recomputed: Message | null,
  ): void {
    if (this.#scope.asked === null || this.#asked.length >= ASKED_MAX) return
    const own = verdict === 'equal' ? message : recomputed
    this.#asked.push({ verdict, tape_seq: tapeSeq, cause, message, recomputed: own })
  }
}
