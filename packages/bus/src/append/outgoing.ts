import type { MsgHdrs } from '@nats-io/transport-node'
import type { AppendMessage } from './append-message.ts'

/** A message on its way, and who waits for its sequence. */
export type Entry = {
  readonly message: AppendMessage
  readonly headers: MsgHdrs
  readonly resolve: (seq: number) => void
  readonly reject: (error: Error) => void
  /** 0: never. Once sent, it may be on the tape whatever we heard. */
  sentAt: number
  answer: { readonly seq: number } | 'REFUSED' | null
}

const IN_FLIGHT_MAX = 64
const IN_FLIGHT_BYTES_MAX = 16 * 1024 * 1024
const WAITING_MAX = 4_096
const WAITING_BYTES_MAX = 64 * 1024 * 1024

/**
 * Messages in the order in which they were handed over: those in flight (sent, not yet answered) come
 * before those that wait. Nothing else may change that order.
 */
export class Outgoing {
  #waiting: Entry[] = []
  #waitingHead = 0
  #inFlight = new Map<number, Entry>()
  #nextTicket = 1
  #waitingBytes = 0
  #inFlightBytes = 0

  /** How many in flight the server has said nothing about. */
  get unanswered(): number {
    let count = 0
    for (const { answer } of this.#inFlight.values()) if (answer === null) count += 1
    return count
  }

  get isEmpty(): boolean {
    return this.#inFlight.size === 0 && this.#waitingHead === this.#waiting.length
  }

  /** Whether more may be handed over. */
  get hasRoom(): boolean {
    const count = this.#waiting.length - this.#waitingHead
    return count < WAITING_MAX && this.#waitingBytes < WAITING_BYTES_MAX
  }

  add(entry: Entry): void {
    this.#waiting.push(entry)
    this.#waitingBytes += entry.message.bytes.byteLength
  }

  /** Moves the next message into flight, if the window allows it. */
  takeNext(): { ticket: number; entry: Entry } | null {
    const entry = this.#waiting[this.#waitingHead]
    if (entry === undefined || this.#inFlight.size >= IN_FLIGHT_MAX) return null
    const size = entry.message.bytes.byteLength
    if (this.#inFlight.size > 0 && this.#inFlightBytes + size > IN_FLIGHT_BYTES_MAX) return null
    this.#waitingHead += 1
    if (this.#waitingHead > 1_024) {
      this.#waiting = this.#waiting.slice(this.#waitingHead)
      this.#waitingHead = 0
    }
    this.#waitingBytes -= size
    this.#inFlightBytes += size
    const ticket = this.#nextTicket++
    entry.sentAt = performance.now()
    this.#inFlight.set(ticket, entry)
    return { ticket, entry }
  }

  /** How long the server has owed an answer, milliseconds. */
  silentMs(now: number): number {
    for (const { answer, sentAt } of this.#inFlight.values()) {
      if (answer === null) return now - sentAt
    }
    return 0
  }

  /** Notes an answer. An answer to what is no longer in flight is of no interest. */
  answer(ticket: number, answer: { readonly seq: number } | 'REFUSED'): void {
    const entry = this.#inFlight.get(ticket)
    if (entry !== undefined) entry.answer = answer
  }

  /**
   * Takes the stored messages that no unstored one precedes. Those behind one that was not stored
   * stay: whether the order holds is for the tape to say.
   */
  takeStored(): { entry: Entry; seq: number }[] {
    const stored: { entry: Entry; seq: number }[] = []
    for (const [ticket, entry] of this.#inFlight) {
      if (entry.answer === null || entry.answer === 'REFUSED') break
      stored.push({ entry, seq: entry.answer.seq })
      this.remove(ticket)
    }
    return stored
  }

  /** Takes a message out of flight that will never be stored. */
  remove(ticket: number): Entry | null {
    const entry = this.#inFlight.get(ticket)
    if (entry === undefined) return null
    this.#inFlight.delete(ticket)
    this.#inFlightBytes -= entry.message.bytes.byteLength
    return entry
  }

  ticketsOf(subject: string): number[] {
    return [...this.#inFlight]
      .filter(([, entry]) => entry.message.subject === subject)
      .map(([ticket]) => ticket)
  }

  /** The connection is gone: what was in flight stands first in the line again. */
  land(): void {
    const entries = [...this.#inFlight.values()]
    this.#inFlight.clear()
    this.#inFlightBytes = 0
    this.putFirst(entries)
  }

  /** Takes those at the head of the line that an earlier connection carried. */
  takeSent(): Entry[] {
    const line = this.#waiting.slice(this.#waitingHead)
    const count = line.findIndex(({ sentAt }) => sentAt === 0)
    const sent = count === -1 ? line : line.slice(0, count)
    this.#waitingHead += sent.length
    for (const { message } of sent) this.#waitingBytes -= message.bytes.byteLength
    return sent
  }

  putFirst(entries: readonly Entry[]): void {
    this.#waiting = [...entries, ...this.#waiting.slice(this.#waitingHead)]
    this.#waitingHead = 0
    for (const entry of entries) {
      entry.answer = null
      this.#waitingBytes += entry.message.bytes.byteLength
    }
  }

  /** Takes everything: nothing will be sent any more. */
  takeAll(): Entry[] {
    this.land()
    const entries = this.#waiting
    this.#waiting = []
    this.#waitingHead = 0
    this.#waitingBytes = 0
    return entries
  }
}
