import { type OwnTail, ownTail } from './recover.ts'
import type { ShellPorts } from './shell-ports.ts'
import type { OutboxRecord, Processing, Sealed } from './types.ts'

const OUTBOX_CHUNK = 500

/** What is committed and not yet acknowledged by the tape. */
export interface Waiting {
  readonly pending: number
  /** Wall clock in ms when the oldest of them was committed (or found, after a crash); null when none waits. */
  readonly since: number | null
}

/**
 * The way to the tape: appends what the tape does not hold yet, in order, and knows what it holds of
 * ours. One call at a time.
 */
export class Publisher<Tx> {
  readonly #processing: Pick<Processing<Tx>, 'service' | 'kind' | 'observe'>
  readonly #ports: Pick<ShellPorts<Tx>, 'tape' | 'store' | 'metrics' | 'log' | 'now'>
  #own: OwnTail = { seq: 0, tapeSeq: 0 }
  #waiting: Waiting = { pending: 0, since: null }
  #marking: Promise<unknown> = Promise.resolve()

  constructor(
    processing: Pick<Processing<Tx>, 'service' | 'kind' | 'observe'>,
    ports: Pick<ShellPorts<Tx>, 'tape' | 'store' | 'metrics' | 'log' | 'now'>,
  ) {
    this.#processing = processing
    this.#ports = ports
  }

  /** The newest message of ours on the tape. */
  get own(): OwnTail {
    return this.#own
  }

  get waiting(): Waiting {
    return this.#waiting
  }

  /** Finds what the tape holds of ours, and appends committed rows that it lacks: a crash before the relay, or a lost tail. */
  async recover(): Promise<OwnTail> {
    const { tape, store, log } = this.#ports
    this.#own = await ownTail(this.#processing.service, tape)
    for (;;) {
      const rows = this.#next(await store.outboxAfter(this.#own.seq, OUTBOX_CHUNK))
      if (rows.length === 0) return this.#own
      this.#mark(await this.#append(rows))
      log('warn', 'outbox_republished', { rows: rows.length, up_to: this.#own.seq })
    }
  }

  /** Appends what the tape does not hold yet. Waits while NATS is away. */
  async publish(sealed: readonly Sealed[]): Promise<void> {
    const { observe, kind } = this.#processing
    const held = this.#own.seq
    const fresh = sealed.filter((item) => item.seq > held)
    if (fresh.length > 0) {
      const rows = await this.#append(fresh)
      for (const { message } of fresh) this.#ports.metrics.appended(message.type)
      if (kind === 'durable') this.#mark(rows)
    }
    if (observe !== undefined)
      for (const { message, seq } of sealed) observe(message, { isNew: seq > held })
  }

  /** Resolves when the notes that are under way are written. */
  async settled(): Promise<void> {
    await this.#marking
  }

  /**
   * A stream service's outbox holds only what came from outside. What it computed before that comes
   * first, and is computed again, so rows beyond a hole in the sequence have to wait.
   */
  #next(rows: readonly OutboxRecord[]): readonly OutboxRecord[] {
    if (this.#processing.kind === 'durable') return rows
    const gap = rows.findIndex((row, i) => row.seq !== this.#own.seq + 1 + i)
    return gap === -1 ? rows : rows.slice(0, gap)
  }

  async #append(
    records: readonly (Omit<OutboxRecord, 'type'> & Partial<Pick<Sealed, 'headers'>>)[],
  ): Promise<{ seq: number; tapeSeq: number }[]> {
    this.#waiting = { pending: records.length, since: this.#ports.now() }
    const seqs = await this.#ports.tape.append(
      records.map(({ subject, eventId: id, bytes, headers }) =>
        headers === undefined ? { subject, id, bytes } : { subject, id, bytes, headers },
      ),
    )
    this.#waiting = { pending: 0, since: null }
    this.#own = { seq: records.at(-1)!.seq, tapeSeq: seqs.at(-1)! }
    return records.map(({ seq }, i) => ({ seq, tapeSeq: seqs[i]! }))
  }

  /** Notes where rows came to lie, in the background: recovery asks the tape, not this note. */
  #mark(rows: readonly { seq: number; tapeSeq: number }[]): void {
    this.#marking = this.#markAfter(this.#marking, rows)
  }

  async #markAfter(
    before: Promise<unknown>,
    rows: readonly { seq: number; tapeSeq: number }[],
  ): Promise<void> {
    await before
    try {
      await this.#ports.store.markPublished(rows)
    } catch (error) {
      this.#ports.log('warn', 'outbox_mark_failed', { error: String(error) })
    }
  }
}
