import { context } from '@opentelemetry/api'
import {
  type Message,
  type Output,
  type Producer,
  TAPE_PREFIX,
  decode,
  isType,
} from '@tapedeck/contracts'
import { Gate } from './gate.ts'
import { type OwnTail, ownTail, recover } from './recover.ts'
import { Sealer } from './sealer.ts'
import { packState } from './shell-state.ts'
import { type TracedHandling, traceHandling } from './trace-handling.ts'
import type {
  Brain,
  Checkpoint,
  DeadLetter,
  Handled,
  OutboxRecord,
  Processing,
  ProcessingMetrics,
  RawMessage,
  ReaderPort,
  Sealed,
  StorePort,
  TapePort,
} from './types.ts'

/** Messages handled between two looks at the clock and one append. */
const SLICE_MAX = 500
/** A stream service holds at most this many unprojected outputs; then it waits for Postgres. */
const BACKLOG_MAX = 50_000
const OUTBOX_CHUNK = 500

export interface ShellPorts<Tx> {
  readonly tape: TapePort
  readonly reader: ReaderPort
  readonly store: StorePort<Tx>
  readonly deadLetter: DeadLetter
  readonly metrics: ProcessingMetrics
  readonly log: (
    level: 'info' | 'warn' | 'error',
    event: string,
    fields: Record<string, unknown>,
  ) => void
  /** Wall clock in ms, for `recorded_at` and the checkpoint's cadence only. */
  readonly now: () => number
  /** Called when the service cannot go on (its lease is gone). It has stopped reading by then. */
  readonly onFatal: (error: unknown) => void
}

export interface ShellOptions {
  readonly producer: Producer
  /** A checkpoint is due after this long or this many messages. */
  readonly checkpointMs: number
  readonly checkpointMessages: number
}

/** Thrown when the brain failed on a message and has to be built again without it. */
class RebuildNeeded extends Error {
  constructor(cause: unknown) {
    super('the handler failed', { cause })
  }
}

/**
 * Runs a brain over the tape: reads in order, handles, appends, and remembers where it stands, so
 * that a crash at any point repeats nothing and loses nothing. See docs/architecture/processing.md.
 *
 * Invariants: one message is handled at a time; what was appended is a prefix of what was computed;
 * a checkpoint never claims more than was appended (stream) or committed (durable).
 */
export class Shell<Tx> {
  readonly #processing: Processing<Tx>
  readonly #ports: ShellPorts<Tx>
  readonly #options: ShellOptions
  readonly #gate = new Gate()
  readonly #readable: ReadonlySet<string>
  #brain!: Brain
  #sealer!: Sealer
  #own: OwnTail = { seq: 0, tapeSeq: 0 }
  #position = 0
  #runId: string | null = null
  #skipped = new Set<number>()
  #backlog: Sealed[] = []
  #sinceCheckpoint = 0
  #checkpointAt = 0
  #reading: { stop(): Promise<void> } | null = null
  #tail: Promise<unknown> = Promise.resolve()
  #marking: Promise<unknown> = Promise.resolve()
  #stopping = false
  #settled: (() => void)[] = []

  constructor(processing: Processing<Tx>, ports: ShellPorts<Tx>, options: ShellOptions) {
    this.#processing = processing
    this.#ports = ports
    this.#options = options
    this.#readable = new Set(processing.reads)
  }

  /** Tape sequence that this service is current to. */
  get position(): number {
    return this.#position
  }

  get runId(): string | null {
    return this.#runId
  }

  /** The brain, for read-only views. */
  get brain(): Brain {
    return this.#brain
  }

  /** Recovers and starts to read. Returns once the reader runs; waits while NATS or Postgres are away. */
  async start(): Promise<void> {
    const { tape, store, log } = this.#ports
    this.#own = await ownTail(this.#processing.service, tape)
    await this.#republish()
    const found = await recover(this.#processing.kind, store, {
      lastSeq: await tape.lastSeq(),
      ownSeq: this.#own.seq,
    })
    if (found.notice !== null) log('warn', 'recovered_with_notice', { notice: found.notice })
    this.#brain = this.#processing.create(found.state.brain)
    this.#sealer = new Sealer(this.#options.producer, found.nextSeq, this.#ports.now)
    this.#position = found.position
    this.#runId = found.runId
    for (const seq of found.state.skipped) this.#skipped.add(seq)
    this.#gate.limit(found.state.lockstep)
    this.#backlog = []
    // The first checkpoint exists before the first output does, so that "no checkpoint" can only
    // mean a lost database.
    if (found.nextSeq === 1) await this.#commit([], [])
    this.#checkpointAt = this.#ports.now()
    log('info', 'recovered', {
      position: found.position,
      next_seq: found.nextSeq,
      own_seq: this.#own.seq,
    })
    this.#read()
  }

  /** Makes the service wait for the baton from where it stands, or lets it go. */
  hold(on: boolean): void {
    this.#gate.allow(this.#position)
    this.#gate.limit(on)
  }

  /** Lockstep: handle the tape up to `upTo`; answers when that is done and its outputs are on the tape. */
  async advance(upTo: number): Promise<{ position: number; tapeSeq: number }> {
    this.#gate.allow(upTo)
    while (this.#position < upTo && !this.#stopping)
      await new Promise<void>((resolve) => this.#settled.push(resolve))
    return await this.#exclusive(async () => ({
      position: this.#position,
      tapeSeq: this.#own.tapeSeq,
    }))
  }

  /**
   * Appends what came from outside (an operator's command). It is committed with the outbox first, so
   * it is on the tape once even when the process dies here. Throws when no run has started yet.
   */
  async inject(
    outputs: readonly Output[],
    effect?: (tx: Tx) => Promise<void>,
  ): Promise<readonly Sealed[]> {
    return await this.#exclusive(async () => {
      const runId = this.#runId
      if (runId === null) throw new Error('no run has started yet, so nothing can be commanded')
      const sealed = outputs.map((item) => this.#sealer.seal(item, null, runId))
      await this.#commit(sealed, [], effect)
      await this.#publish(sealed)
      return sealed
    })
  }

  /** Stops reading, finishes what is in hand, and leaves a checkpoint. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#gate.release()
    this.#wake()
    await this.#reading?.stop()
    await this.#exclusive(async () => {
      await this.#checkpoint()
    })
    await this.#marking
  }

  #read(): void {
    const subjects = [...new Set([...this.#processing.reads, 'market.run.started'])].map(
      (type) => `${TAPE_PREFIX}.${type}.>`,
    )
    this.#reading = this.#ports.reader.read({
      after: this.#position,
      subjects,
      onBatch: async (batch) => await this.#onBatch(batch),
    })
  }

  async #onBatch(batch: readonly RawMessage[]): Promise<void> {
    let done = 0
    while (done < batch.length && !this.#stopping) {
      await this.#gate.until(batch[done]!.seq)
      try {
        done += await this.#exclusive(async () => await this.#slice(batch, done))
      } catch (error) {
        if (error instanceof RebuildNeeded) return this.#rebuild()
        // Nothing here is expected to fail: storage and bus wait for themselves. A lost lease or a
        // broken invariant ends the service; starting again is the tested way out.
        this.#stopping = true
        // Not awaited: this runs inside the reader's own callback.
        void this.#reading?.stop()
        this.#ports.onFatal(error)
        return
      }
    }
  }

  /**
   * A handler that threw may have left its state half changed. The state is rebuilt from the
   * checkpoint by reading the tape again without the message that failed; outputs that are on the tape
   * already are not appended twice.
   */
  #rebuild(): void {
    const reading = this.#reading
    this.#reading = null
    // Not awaited: this runs inside the reader's own callback.
    void reading?.stop()
    this.start().catch((error: unknown) => this.#ports.onFatal(error))
  }

  /** Handles messages from `from` on, as far as the gate and the slice allow. Returns how many. */
  async #slice(batch: readonly RawMessage[], from: number): Promise<number> {
    const sealed: Sealed[] = []
    const inputs: Handled[] = []
    const traces: TracedHandling[] = []
    let index = from
    while (index < batch.length && index - from < SLICE_MAX && !this.#stopping) {
      const raw = batch[index]!
      if (raw.seq > this.#gate.allowed) break
      index++
      if (raw.seq <= this.#position) continue
      const outputs = this.#skipped.has(raw.seq) ? null : await this.#handle(raw)
      if (outputs !== null) {
        if (outputs.outputs.length > 0) {
          const traced = traceHandling(this.#processing.service, raw, outputs.message)
          traces.push(traced)
          for (const item of outputs.outputs)
            sealed.push({ ...this.#sealer.seal(item, outputs.message), headers: traced.headers })
        }
        if (this.#processing.projectsInputs === true) inputs.push({ message: outputs.message, raw })
      }
      this.#position = raw.seq
      this.#sinceCheckpoint++
    }
    const last = traces.at(-1)?.context ?? context.active()
    await context.with(last, async () => await this.#settle(sealed, inputs))
    for (const { span } of traces) span.end()
    return index - from
  }

  async #handle(raw: RawMessage): Promise<{ outputs: Output[]; message: Message } | null> {
    const decoded = raw.decoded?.() ?? decode(raw.bytes)
    if (!decoded.ok) {
      await this.#dead(raw, decoded.reason, decoded.detail)
      return null
    }
    const message = decoded.envelope as Message
    if (isType(message, 'market.run.started')) {
      this.#runId = message.run_id
      this.#gate.limit(message.payload.lockstep)
    }
    if (!this.#readable.has(message.type)) return null
    this.#ports.metrics.handled(message.type, 1)
    try {
      return { outputs: await this.#brain.handle(message), message }
    } catch (error) {
      await this.#dead(raw, 'HANDLER_FAILED', String(Error.isError(error) ? error.stack : error))
      this.#skipped.add(raw.seq)
      throw new RebuildNeeded(error)
    }
  }

  async #dead(raw: RawMessage, reason: string, detail: string): Promise<void> {
    this.#ports.metrics.deadLettered(reason)
    this.#ports.log('error', 'dead_letter', { seq: raw.seq, subject: raw.subject, reason, detail })
    await this.#ports.deadLetter({ reason, detail, attempts: 1, message: raw })
  }

  async #settle(sealed: readonly Sealed[], inputs: readonly Handled[]): Promise<void> {
    const { kind } = this.#processing
    if (kind === 'durable' && (sealed.length > 0 || inputs.length > 0))
      await this.#commit(sealed, inputs)
    if (sealed.length > 0) await this.#publish(sealed)
    if (kind === 'stream') for (const item of sealed) this.#backlog.push(item)
    const due =
      this.#sinceCheckpoint >= this.#options.checkpointMessages ||
      this.#ports.now() - this.#checkpointAt >= this.#options.checkpointMs ||
      this.#backlog.length >= BACKLOG_MAX
    if (due && this.#sinceCheckpoint > 0) await this.#checkpoint()
    this.#ports.metrics.position(this.#position)
    this.#wake()
  }

  /** Appends what the tape does not hold yet. */
  async #publish(sealed: readonly Sealed[]): Promise<void> {
    const fresh = sealed.filter((item) => item.seq > this.#own.seq)
    if (fresh.length === 0) return
    const seqs = await this.#ports.tape.append(
      fresh.map((item) => ({
        subject: item.subject,
        id: item.eventId,
        bytes: item.bytes,
        headers: item.headers,
      })),
    )
    this.#own = { seq: fresh.at(-1)!.seq, tapeSeq: seqs.at(-1)! }
    for (const item of fresh) this.#ports.metrics.appended(item.message.type)
    if (this.#processing.kind === 'durable')
      this.#mark(fresh.map((item, i) => ({ seq: item.seq, tapeSeq: seqs[i]! })))
  }

  /** Notes where rows came to lie, in the background: recovery asks the tape, not this note. */
  #mark(rows: readonly { seq: number; tapeSeq: number }[]): void {
    const before = this.#marking
    this.#marking = this.#markAfter(before, rows)
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

  /** Appends committed rows that the tape does not hold: a crash before the relay, or a lost tail. */
  async #republish(): Promise<void> {
    for (;;) {
      const rows: readonly OutboxRecord[] = await this.#ports.store.outboxAfter(
        this.#own.seq,
        OUTBOX_CHUNK,
      )
      if (rows.length === 0) return
      const seqs = await this.#ports.tape.append(
        rows.map((row) => ({ subject: row.subject, id: row.eventId, bytes: row.bytes })),
      )
      this.#own = { seq: rows.at(-1)!.seq, tapeSeq: seqs.at(-1)! }
      this.#mark(rows.map((row, i) => ({ seq: row.seq, tapeSeq: seqs[i]! })))
      this.#ports.log('warn', 'outbox_republished', { rows: rows.length, up_to: this.#own.seq })
    }
  }

  async #checkpoint(): Promise<void> {
    const started = this.#ports.now()
    const backlog = this.#backlog
    await this.#commit([], [], undefined, backlog)
    this.#backlog = []
    this.#checkpointAt = this.#ports.now()
    this.#ports.metrics.checkpointed((this.#checkpointAt - started) / 1000)
  }

  async #commit(
    sealed: readonly Sealed[],
    inputs: readonly Handled[],
    effect?: (tx: Tx) => Promise<void>,
    backlog: readonly Sealed[] = [],
  ): Promise<void> {
    const { project } = this.#processing
    const rows = backlog.length > 0 ? backlog : sealed
    const projects =
      (project !== undefined && (rows.length > 0 || inputs.length > 0)) || effect !== undefined
    await this.#ports.store.commit({
      checkpoint: this.#stand(),
      outbox: sealed.map((item) => ({
        seq: item.seq,
        type: item.message.type,
        subject: item.subject,
        eventId: item.eventId,
        bytes: item.bytes,
      })),
      project: projects
        ? async (tx) => {
            if (project !== undefined && (rows.length > 0 || inputs.length > 0))
              await project(tx, rows, inputs)
            await effect?.(tx)
          }
        : null,
    })
    this.#sinceCheckpoint = 0
  }

  #stand(): Checkpoint {
    return {
      tapeSeq: this.#position,
      nextSeq: this.#sealer.nextSeq,
      runId: this.#runId,
      state: packState({
        brain: this.#brain.snapshot(),
        lockstep: this.#gate.limited,
        skipped: [...this.#skipped],
      }),
    }
  }

  #wake(): void {
    const settled = this.#settled
    this.#settled = []
    for (const resolve of settled) resolve()
  }

  /** Runs one unit of work at a time, in the order of asking. */
  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(work, work)
    this.#tail = run.catch(() => undefined)
    return await run
  }
}
