import type { JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { TapedeckError, hasCode } from '@tapedeck/contracts'
import { backoff } from '../connection/backoff.ts'
import type { BusLogger } from '../connection/bus-logger.ts'
import type { StatusWatch } from '../connection/connection-status.ts'
import type { TapeTroubles } from '../connection/tape-troubles.ts'
import type { RawMessage } from '../raw-message.ts'
import { openSession, type PullSession } from './pull-session.ts'
import { subjectFilter, withoutOverlaps } from './subject-filter.ts'

const BUFFER_MAX = 1_024
const BATCH_MAX = 256

export type ReadOptions = {
  /** Exclusive; 0 reads from the start. */
  readonly after: number
  /** Subjects with `*` and `>`; none: everything. */
  readonly subjects?: readonly string[]
  /** Default 256. */
  readonly batchMax?: number
  /** What has queued, in tape order. The next batch waits until it has resolved. */
  readonly onBatch: (messages: readonly RawMessage[]) => Promise<void>
}

/** A reading in progress. */
export type TapeReading = {
  /** Reads no further; resolves when the batch in hand is done. */
  stop(): Promise<void>
  /** Everything up to this sequence has been handled (or did not match). Resume with `after: position()`. */
  position(): number
  /** Whether everything that was on the tape, as far as we know, has been handled. */
  caughtUp(): boolean
  /** Resolves when everything up to `seq` (which must be on the tape, or come) has been handled. */
  passed(seq: number): Promise<void>
  /** Resolves after `stop`; rejects when `onBatch` failed or the tape cannot be read on. */
  readonly finished: Promise<void>
}

/** What a reading needs of its connection. */
export type ReadingContext = {
  readonly nc: NatsConnection
  readonly jsm: JetStreamManager
  readonly stream: string
  readonly status: StatusWatch
  readonly logger: BusLogger
  /** Where nobody asks how the reading fares: nowhere. */
  readonly troubles?: TapeTroubles
  /** Whether the server takes several filters for one consumer (2.10 and newer). */
  readonly multipleFilters: boolean
}

const FATAL = ['STREAM_TAIL_LOST', 'TAPE_FORGOTTEN'] as const

class Reading implements TapeReading {
  readonly finished: Promise<void>
  readonly #context: ReadingContext
  readonly #options: ReadOptions
  readonly #serverFilters: readonly string[]
  readonly #accepts: (subject: string) => boolean
  readonly #stopping = new AbortController()
  #buffer: RawMessage[] = []
  #received: number
  #handled: number
  #isBusy = false
  #session: PullSession | null = null
  #wake: (() => void) | null = null
  #waiters: { seq: number; resolve: () => void }[] = []

  constructor(context: ReadingContext, options: ReadOptions) {
    this.#context = context
    this.#options = options
    this.#received = options.after
    this.#handled = options.after
    const subjects = options.subjects ?? []
    const filters = withoutOverlaps(subjects)
    const byServer = filters !== null && (filters.length <= 1 || context.multipleFilters)
    this.#serverFilters = byServer ? filters : []
    this.#accepts = byServer ? () => true : subjectFilter(subjects)
    this.finished = this.#run()
  }

  position(): number {
    return this.#handled
  }

  caughtUp(): boolean {
    return this.#isIdle() && this.#session !== null && this.#session.pending() === 0
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#session?.end('stopped')
    this.#wake?.()
    await this.finished.catch(() => {
      // Whoever started the reading learns of it there.
    })
  }

  async passed(seq: number): Promise<void> {
    if (this.#serverFilters.length > 0) {
      while (this.#handled < seq && !this.#stopping.signal.aborted) {
        if (!(await this.#skipUnmatched())) await backoff(0, this.#stopping.signal)
      }
      return
    }
    if (this.#handled >= seq) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiters.push({ seq, resolve })
    await promise
  }

  #isIdle(): boolean {
    return !this.#isBusy && this.#buffer.length === 0
  }

  /**
   * With a filter on the server, the position stands still while nothing matches. The tape's end is
   * read first: then a consumer with nothing pending has nothing for us up to there.
   */
  async #skipUnmatched(): Promise<boolean> {
    const { jsm, stream } = this.#context
    try {
      const { state } = await jsm.streams.info(stream)
      const session = this.#session
      if (session === null || !(await session.isDrained())) return false
      if (session !== this.#session || !this.#isIdle()) return false
      this.#received = Math.max(this.#received, state.last_seq)
      this.#moveTo(this.#received)
      return true
    } catch {
      return false
    }
  }

  async #run(): Promise<void> {
    const failed = (error: unknown): never => {
      this.#stopping.abort()
      this.#session?.end('failed')
      this.#wake?.()
      throw error
    }
    const results = await Promise.allSettled([
      this.#keepSession().catch(failed),
      this.#deliver().catch(failed),
    ])
    for (const { resolve } of this.#waiters.splice(0)) resolve()
    const failure = results.find((result) => result.status === 'rejected')
    if (failure !== undefined) throw failure.reason
  }

  /** Opens a session after the other, each exactly where the one before ended. */
  async #keepSession(): Promise<void> {
    const { signal } = this.#stopping
    const endOnLoss = this.#context.status.on((_status, detail) => this.#session?.end(detail))
    let failures = 0
    try {
      while (!signal.aborted) {
        await this.#connected()
        try {
          const reason = await this.#oneSession(() => {
            failures = 0
            this.#context.troubles?.clear(this)
          })
          if (!signal.aborted)
            this.#context.logger.info({ reason, after: this.#received }, 'reading the tape anew')
        } catch (error) {
          if (FATAL.some((code) => hasCode(error, code))) throw error
          this.#context.logger.warn({ error: String(error) }, 'the tape cannot be read yet')
          this.#context.troubles?.set(this, `the tape cannot be read: ${String(error)}`)
        }
        if (this.#context.nc.isClosed()) {
          if (signal.aborted) return
          throw new TapedeckError('NATS_UNREACHABLE', 'the connection was closed while reading')
        }
        await backoff(failures, signal)
        failures += 1
      }
    } finally {
      endOnLoss()
      this.#context.troubles?.clear(this)
    }
  }

  async #connected(): Promise<void> {
    const { signal } = this.#stopping
    const { promise: stopped, resolve } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => resolve(), { once: true })
    await Promise.race([this.#context.status.untilConnected(), stopped])
  }

  async #oneSession(onOpen: () => void): Promise<string> {
    const { nc, jsm, stream } = this.#context
    const session = await openSession({
      nc,
      jsm,
      stream,
      filters: this.#serverFilters,
      after: this.#received,
      // Refilled when half is free, so that pulls are large when there is much to read.
      room: () => (this.#buffer.length > BUFFER_MAX / 2 ? 0 : BUFFER_MAX - this.#buffer.length),
      onMessage: (message) => this.#receive(message),
    })
    onOpen()
    this.#session = session
    if (this.#stopping.signal.aborted) session.end('stopped')
    session.pull()
    const reason = await session.ended
    this.#session = null
    return reason
  }

  #receive(message: RawMessage): void {
    this.#received = message.seq
    if (this.#accepts(message.subject)) this.#buffer.push(message)
    this.#wake?.()
  }

  async #deliver(): Promise<void> {
    const { batchMax = BATCH_MAX, onBatch } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      if (this.#buffer.length === 0) {
        this.#moveTo(this.#received)
        await new Promise<void>((resolve) => (this.#wake = resolve))
        this.#wake = null
        continue
      }
      const batch = this.#buffer.slice(0, batchMax)
      this.#buffer = this.#buffer.slice(batchMax)
      this.#isBusy = true
      await onBatch(batch)
      this.#isBusy = false
      this.#moveTo(batch.at(-1)!.seq)
      this.#session?.pull()
    }
  }

  #moveTo(seq: number): void {
    this.#handled = seq
    if (this.#waiters.length === 0) return
    const isDone = (waiter: { seq: number }): boolean => waiter.seq <= seq
    for (const { resolve } of this.#waiters.filter(isDone)) resolve()
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter))
  }
}

/**
 * Reads the tape in order, once each, across restarts of the server: a consumer that became doubtful is
 * replaced by one that starts after the last message received. At most about a thousand messages wait.
 */
export const readTape = (context: ReadingContext, options: ReadOptions): TapeReading =>
  new Reading(context, options)
