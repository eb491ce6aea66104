import {
  DOMAIN_OF,
  LOCKSTEP_ORDER,
  type MessageType,
  READS,
  type ServiceName,
  TAPE_PREFIX,
  typeOfSubject,
} from '@tapedeck/contracts'
import { Signal } from './signal.ts'

/** What a service answers when it has handled the tape up to where the baton allowed. */
export interface Advanced {
  readonly position: number
  /** Tape sequence of the newest message of its own, 0 when there is none. */
  readonly tapeSeq: number
}

/** A message of the tape, as far as the baton looks at it. */
export interface Passing {
  readonly seq: number
  readonly subject: string
}

/** The request subject on which a service takes the baton. */
export const batonSubject = (service: ServiceName): string => `control.${service}.advance`

const TURN_PREFIXES = LOCKSTEP_ORDER.map((service) => `${TAPE_PREFIX}.${DOMAIN_OF[service]}.`)

const isOfATurn = (subject: string): boolean =>
  TURN_PREFIXES.some((prefix) => subject.startsWith(prefix))

/**
 * Passes the baton of lockstep: one service at a time handles what waits for it, in a fixed order,
 * in rounds, until nothing waits. What waits is known from the tape itself, which the caller reads
 * and shows to `observe`.
 *
 * Each turn reveals what its service appended, and nothing further. So when the player of the source
 * was killed inside a round, its successor walks the same turns over what the tape held already, and
 * is at the same place when it reaches the end; a service that died and came back changes nothing.
 * Nor does what somebody else put between: beyond what the tape held, a turn reveals all up to its last
 * message.
 */
export class Baton {
  readonly #advance: (service: ServiceName, upTo: number) => Promise<Advanced>
  readonly #readers = new Map<MessageType, ServiceName[]>()
  readonly #waiting = new Map<ServiceName, number>()
  readonly #done = new Map<ServiceName, number>()
  /** On the tape, and not revealed yet. */
  #ahead: Passing[] = []
  #seen = 0
  /** End of the tape when this baton began: up to here other turns than the one at hand were made. */
  readonly #resumed: number
  readonly #arrived = new Signal()

  /** `advance` repeats its request until the service answers. All up to `after` is settled; the tape ends at `end`. */
  constructor(
    advance: (service: ServiceName, upTo: number) => Promise<Advanced>,
    { after, end }: { readonly after: number; readonly end: number },
  ) {
    this.#advance = advance
    this.#seen = after
    this.#resumed = end
    for (const service of LOCKSTEP_ORDER) {
      this.#waiting.set(service, 0)
      this.#done.set(service, 0)
      for (const type of READS[service])
        this.#readers.set(type, [...(this.#readers.get(type) ?? []), service])
    }
  }

  /** Every message of the tape, in order. */
  observe({ seq, subject }: Passing): void {
    this.#ahead.push({ seq, subject })
    this.#seen = seq
    this.#arrived.wake()
  }

  /** Runs rounds until every service has handled all that it reads, up to `appended` and what follows from it. */
  async settle(appended: number): Promise<void> {
    await this.#seenUpTo(appended)
    this.#reveal(({ seq }) => seq <= appended)
    let busy = true
    while (busy) {
      busy = await this.#round()
      // Nobody's turn brought it: an operator's command, or the answer to one.
      if (!busy) busy = this.#reveal(() => true)
    }
  }

  async #round(): Promise<boolean> {
    let busy = false
    for (const service of LOCKSTEP_ORDER) {
      const upTo = this.#waiting.get(service)!
      if (upTo <= this.#done.get(service)!) continue
      busy = true
      const answer = await this.#advance(service, upTo)
      this.#done.set(service, upTo)
      await this.#seenUpTo(answer.tapeSeq)
      const own = `${TAPE_PREFIX}.${DOMAIN_OF[service]}.`
      this.#reveal(({ seq, subject }) =>
        seq <= this.#resumed
          ? subject.startsWith(own) || !isOfATurn(subject)
          : seq <= answer.tapeSeq,
      )
    }
    return busy
  }

  /** Reveals messages for as long as they are of the kind; says whether there were any. */
  #reveal(isNext: (message: Passing) => boolean): boolean {
    let count = 0
    for (const message of this.#ahead) {
      if (!isNext(message)) break
      const type = typeOfSubject(message.subject)
      for (const service of type === null ? [] : (this.#readers.get(type) ?? []))
        this.#waiting.set(service, message.seq)
      count++
    }
    this.#ahead.splice(0, count)
    return count > 0
  }

  async #seenUpTo(seq: number): Promise<void> {
    while (this.#seen < seq) await this.#arrived.next()
  }
}
