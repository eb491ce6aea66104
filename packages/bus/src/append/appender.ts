import type { ConnectionOptions } from '@nats-io/transport-node'
import { TapedeckError } from '@tapedeck/contracts'
import { backoff } from '../connection/backoff.ts'
import type { BusLogger } from '../connection/bus-logger.ts'
import type { TapeTroubles } from '../connection/tape-troubles.ts'
import { TAPE_STREAM } from '../streams/stream-names.ts'
import { activeTraceparent } from '../trace-headers.ts'
import { checkAppendable, type AppendMessage } from './append-message.ts'
import { findStored } from './find-stored.ts'
import { Outgoing, type Entry } from './outgoing.ts'
import {
  messageHeaders,
  openPublishConnection,
  type Answer,
  type PublishConnection,
} from './publish-connection.ts'

const ANSWER_MS_MAX = 10_000
const DRAIN_MS_MAX = 5_000

/**
 * Appends to the tape in the order of the calls, up to 64 messages in flight, through everything that
 * can happen to the server in between: no change of order, no hole, nothing twice.
 *
 * Why it holds: one connection carries the messages in order and is never repaired, so after a loss
 * the tape holds a prefix of what was in flight. Before anything is sent over the next connection, the
 * tape is asked which of them it holds, and sending goes on from the first that it does not. Bytes of the old
 * connection that the server has yet to read carry the same messages in the same order: whichever
 * copy comes first is stored, the other is recognised by its id.
 */
export class Appender {
  readonly #options: ConnectionOptions
  readonly #logger: BusLogger
  readonly #troubles: TapeTroubles
  readonly #closing = new AbortController()
  readonly #outgoing = new Outgoing()
  #connection: PublishConnection | null = null
  /** Whether what earlier connections carried is settled, so that sending may go on. */
  #isReady = false
  #running: Promise<void> | null = null
  #failure: Error | null = null
  /** Nothing that is not settled lies at or before this sequence. */
  #settledSeq = 0
  /** Set when the server refused a message that it may take later: nothing more is sent until then. */
  #refused: string | null = null
  /** Calls that wait for room, first come first. Each leaves the line itself, so nobody overtakes. */
  #line: (() => void)[] = []
  #lost: ((reason: string) => void) | null = null

  constructor(
    options: ConnectionOptions,
    { logger, troubles }: { readonly logger: BusLogger; readonly troubles: TapeTroubles },
  ) {
    this.#options = options
    this.#logger = logger
    this.#troubles = troubles
  }

  /**
   * Resolves with the sequences when all are stored; waits while NATS is away, and for room when much is
   * waiting already. Throws MESSAGE_OVERSIZED (nothing was sent), PUBLISH_FORBIDDEN, TAPE_ORDER_BROKEN,
   * NATS_UNREACHABLE (closed).
   */
  async append(messages: readonly AppendMessage[]): Promise<number[]> {
    for (const message of messages) checkAppendable(message)
    const traceparent = activeTraceparent()
    if (this.#line.length > 0 || !this.#outgoing.hasRoom) {
      await new Promise<void>((resolve) => this.#line.push(resolve))
      this.#line.shift()
    }
    if (this.#failure !== null) {
      this.#letIn()
      throw this.#failure
    }
    const stored = messages.map(
      async (message) =>
        await new Promise<number>((resolve, reject) => {
          const headers = messageHeaders(message, traceparent)
          this.#outgoing.add({ message, headers, resolve, reject, sentAt: 0, answer: null })
        }),
    )
    this.#running ??= this.#run()
    this.#send()
    return await Promise.all(stored)
  }

  /** Lets what is under way arrive, for a moment, then ends. What did not arrive is rejected. */
  async close(): Promise<void> {
    const deadline = performance.now() + DRAIN_MS_MAX
    while (this.#isReady && !this.#outgoing.isEmpty && performance.now() < deadline) {
      await backoff(0)
    }
    this.#closing.abort()
    await this.#connection?.close()
    this.#lost?.('closed')
    await this.#running
    this.#fail(new TapedeckError('NATS_UNREACHABLE', 'the bus was closed before it was stored'))
  }

  #letIn(): void {
    if (this.#outgoing.hasRoom || this.#failure !== null) this.#line[0]?.()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const entry of this.#outgoing.takeAll()) entry.reject(this.#failure)
    this.#letIn()
  }

  /** One connection after the other, until closed or failed. */
  async #run(): Promise<void> {
    const { signal } = this.#closing
    for (let failures = 0; !signal.aborted && this.#failure === null; failures += 1) {
      try {
        const reason = await this.#oneConnection()
        if (signal.aborted) return
        this.#logger.warn({ reason }, 'appending to the tape anew')
        if (this.#refused === null) failures = 0
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof TapedeckError && error.next !== 'retry') return this.#fail(error)
        this.#logger.warn({ error: String(error) }, 'the tape cannot be appended to yet')
        this.#troubles.set(this, `the tape cannot be appended to: ${String(error)}`)
      }
      await backoff(failures, signal)
    }
  }

  async #oneConnection(): Promise<string> {
    const { promise: lost, resolve } = Promise.withResolvers<string>()
    this.#lost = resolve
    const connection = await openPublishConnection(
      this.#options,
      {
        onAnswer: (ticket, answer) => this.#answered(ticket, answer),
        onForbidden: (subject) => this.#forbidden(subject),
        onLost: resolve,
      },
      (error) => this.#logger.warn({ error: error.message }, 'NATS cannot be reached'),
      this.#closing.signal,
    )
    const watch = setInterval(() => this.#checkSilence(resolve), ANSWER_MS_MAX / 10)
    this.#connection = connection
    try {
      await this.#settleStored(connection)
      // Refusals show only when messages are sent: the trouble is over when one was stored.
      if (this.#refused === null || this.#outgoing.isEmpty) this.#troubles.clear(this)
      this.#refused = null
      this.#isReady = true
      this.#send()
      return await lost
    } finally {
      this.#isReady = false
      this.#connection = null
      clearInterval(watch)
      await connection.close()
      this.#outgoing.land()
    }
  }

  #checkSilence(lose: (reason: string) => void): void {
    if (this.#outgoing.silentMs(performance.now()) > ANSWER_MS_MAX) {
      lose(`no answer for ${ANSWER_MS_MAX} ms`)
    }
  }

  /** Answers those that the last connection stored, from the tape itself. */
  async #settleStored(connection: PublishConnection): Promise<void> {
    const { state } = await connection.jsm.streams.info(TAPE_STREAM)
    const sent = this.#outgoing.takeSent()
    if (sent.length === 0) {
      this.#settledSeq = Math.max(this.#settledSeq, state.last_seq)
      return
    }
    const ids = new Set(sent.map(({ message }) => message.id))
    let stored: ReadonlyMap<string, number>
    try {
      stored = await findStored(connection, ids, this.#settledSeq)
    } catch (error) {
      this.#outgoing.putFirst(sent)
      throw error
    }
    this.#settlePrefix(sent, stored)
  }

  #settlePrefix(sent: readonly Entry[], stored: ReadonlyMap<string, number>): void {
    const missing = sent.findIndex(({ message }) => !stored.has(message.id))
    const prefix = missing === -1 ? sent : sent.slice(0, missing)
    const rest = missing === -1 ? [] : sent.slice(missing)
    for (const entry of prefix) this.#store(entry, stored.get(entry.message.id)!)
    this.#outgoing.putFirst(rest)
    const late = rest.find(({ message }) => stored.has(message.id))
    if (late === undefined) return
    throw new TapedeckError(
      'TAPE_ORDER_BROKEN',
      `${late.message.id} is on the tape, but ${rest[0]!.message.id} before it is not`,
      { details: { stored: late.message.id, missing: rest[0]!.message.id } },
    )
  }

  #store(entry: Entry, seq: number): void {
    this.#settledSeq = seq
    entry.resolve(seq)
  }

  #send(): void {
    const connection = this.#connection
    if (connection === null || !this.#isReady || this.#refused !== null) return
    try {
      for (let next = this.#outgoing.takeNext(); next !== null; next = this.#outgoing.takeNext()) {
        connection.publish(next.ticket, next.entry.message, next.entry.headers)
      }
    } catch (error) {
      this.#lost?.(String(error))
    }
    this.#letIn()
  }

  #answered(ticket: number, answer: Answer): void {
    if (answer.stored) {
      this.#outgoing.answer(ticket, answer)
      this.#troubles.clear(this)
    } else if (answer.code >= 500) {
      // Full, or not up yet: it may be taken later, and must then come before those behind it.
      this.#refused ??= answer.detail
      this.#troubles.set(this, `the tape refuses messages: ${this.#refused}`)
      this.#outgoing.answer(ticket, 'REFUSED')
    } else {
      const entry = this.#outgoing.remove(ticket)
      entry?.reject(refusal(entry.message, answer.detail))
    }
    this.#settle()
  }

  #settle(): void {
    for (const { entry, seq } of this.#outgoing.takeStored()) this.#store(entry, seq)
    if (this.#refused === null) this.#send()
    // Only when all are known may the next connection look at the tape.
    else if (this.#outgoing.unanswered === 0) this.#lost?.(`refused: ${this.#refused}`)
  }

  #forbidden(subject: string): void {
    for (const ticket of this.#outgoing.ticketsOf(subject)) {
      this.#outgoing
        .remove(ticket)
        ?.reject(
          new TapedeckError(
            'PUBLISH_FORBIDDEN',
            `user ${this.#options.user ?? '(none)'} may not publish ${subject}`,
            { details: { subject, user: this.#options.user } },
          ),
        )
    }
    this.#settle()
  }
}

const refusal = (message: AppendMessage, detail: string): TapedeckError =>
  /exceeds maximum|too large/i.test(detail)
    ? new TapedeckError('MESSAGE_OVERSIZED', `${message.subject} ${message.id}: ${detail}`)
    : new TapedeckError(
        'STATE_CONFLICT',
        `NATS refused ${message.subject} ${message.id}: ${detail}`,
      )
