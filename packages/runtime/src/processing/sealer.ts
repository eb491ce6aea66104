import {
  type Cause,
  type Output,
  type Producer,
  scopeOf,
  sealMessage,
  subjectOf,
} from '@tapedeck/contracts'
import type { Sealed } from './types.ts'

const encoder = new TextEncoder()

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
    const message = sealMessage(output, {
      seq,
      runId,
      cause,
      producer: this.#producer,
      recordedAt: this.#now(),
    })
    return {
      seq,
      eventId: message.event_id,
      subject: subjectOf(output.type, scopeOf(output.type, output.payload)),
      bytes: encoder.encode(JSON.stringify(message)),
      headers: {},
      message,
    }
  }
}
