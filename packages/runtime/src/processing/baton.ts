import {
  LOCKSTEP_ORDER,
  type MessageType,
  READS,
  type ServiceName,
  typeOfSubject,
} from '@tapedeck/contracts'
import { Signal } from './signal.ts'

/** What a service answers when it has handled the tape up to where the baton allowed. */
export interface Advanced {
  readonly position: number
  /** Tape sequence of the newest message of its own, 0 when there is none. */
  readonly tapeSeq: number
}

/** The request subject on which a service takes the baton. */
export const batonSubject = (service: ServiceName): string => `control.${service}.advance`

/**
 * Passes the baton of lockstep: one service at a time handles what waits for it, in a fixed order,
 * in rounds, until nothing waits. What waits is known from the tape itself, which the caller reads
 * and shows to `observe`, so a service that died and came back changes nothing.
 */
export class Baton {
  readonly #advance: (service: ServiceName, upTo: number) => Promise<Advanced>
  readonly #readers = new Map<MessageType, ServiceName[]>()
  readonly #waiting = new Map<ServiceName, number>()
  readonly #done = new Map<ServiceName, number>()
  #seen = 0
  readonly #arrived = new Signal()

  /** `advance` repeats its request until the service answers. `after`: what lies on the tape already. */
  constructor(advance: (service: ServiceName, upTo: number) => Promise<Advanced>, after: number) {
    this.#advance = advance
    this.#seen = after
    for (const service of LOCKSTEP_ORDER) {
      this.#waiting.set(service, 0)
      this.#done.set(service, 0)
      for (const type of READS[service])
        this.#readers.set(type, [...(this.#readers.get(type) ?? []), service])
    }
  }

  /** Every message of the tape, in order. */
  observe(message: { readonly seq: number; readonly subject: string }): void {
    const type = typeOfSubject(message.subject)
    if (type !== null)
      for (const service of this.#readers.get(type) ?? []) this.#waiting.set(service, message.seq)
    this.#seen = message.seq
    this.#arrived.wake()
  }

  /** Runs rounds until every service has handled all that it reads, up to `appended` and what follows from it. */
  async settle(appended: number): Promise<void> {
    await this.#seenUpTo(appended)
    let busy = true
    while (busy) {
      busy = false
      for (const service of LOCKSTEP_ORDER) {
        const upTo = this.#waiting.get(service)!
        if (upTo <= this.#done.get(service)!) continue
        busy = true
        const answer = await this.#advance(service, upTo)
        this.#done.set(service, upTo)
        await this.#seenUpTo(answer.tapeSeq)
      }
    }
  }

  async #seenUpTo(seq: number): Promise<void> {
    while (this.#seen < seq) await this.#arrived.next()
  }
}
