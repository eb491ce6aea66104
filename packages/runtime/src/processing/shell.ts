import { context } from '@opentelemetry/api'
import { type Message, type Output, TAPE_PREFIX, TapedeckError, isType } from '@tapedeck/contracts'
import { beginsLockstep } from './begins-lockstep.ts'
import { Committer } from './committer.ts'
import { Gate } from './gate.ts'
import { Publisher, type Waiting } from './publisher.ts'
import { RebuildNeeded } from './rebuild-needed.ts'
import { recover } from './recover.ts'
import { Sealer } from './sealer.ts'
import { readMessage, setAside } from './set-aside.ts'
import type { ShellOptions, ShellPorts } from './shell-ports.ts'
import { packState } from './shell-state.ts'
import { Signal } from './signal.ts'
import { type TracedHandling, traceHandling } from './trace-handling.ts'
import { Turns } from './turns.ts'
import type { Brain, Checkpoint, Handled, Processing, RawMessage, Sealed } from './types.ts'

/** Messages handled between two looks at the clock and one append. */
const SLICE_MAX = 500

/**
 * Runs a brain over the tape: reads in order, handles, appends, and remembers where it stands, so
 * that a crash at any point repeats nothing and loses nothing. See docs/architecture/processing.md.
 * Invariants: one message is handled at a time; what was appended is a prefix of what was computed;
 * a checkpoint never claims more than was appended (stream) or committed (durable).
 */
export class Shell<Tx> {
  /** Whether we are still the one instance that acts: what goes out into the world asks at the last moment. */
  readonly mayAct: () => boolean
  readonly #processing: Processing<Tx>
  readonly #ports: ShellPorts<Tx>
  readonly #options: ShellOptions
  readonly #publisher: Publisher<Tx>
  readonly #committer: Committer<Tx>
  readonly #gate = new Gate()
  readonly #turns = new Turns()
  /** Something was handled, or the end begins. */
  readonly #moved = new Signal()
  readonly #readable: ReadonlySet<string>
  #brain!: Brain
  #sealer!: Sealer
  #position = 0
  #runId: string | null = null
  #skipped = new Set<number>()
  #reading: { stop(): Promise<void> } | null = null
  /** A handler failed, and the state has not been built again yet. */
  #broken = false
  #stopping = false

  constructor(processing: Processing<Tx>, ports: ShellPorts<Tx>, options: ShellOptions) {
    this.#processing = processing
    this.#ports = ports
    this.mayAct = ports.mayAct ?? (() => true)
    this.#options = options
    this.#readable = new Set(processing.reads)
    this.#publisher = new Publisher(processing, ports)
    this.#committer = new Committer(processing, ports, options, () => this.#stand())
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

  /** What is committed and has not reached the tape yet. */
  get waiting(): Waiting {
    return this.#publisher.waiting
  }

  /** Recovers and starts to read. Returns once the reader runs; waits while NATS or Postgres are away. */
  async start(): Promise<void> {
    const { tape, store, log } = this.#ports
    const own = await this.#publisher.recover()
    const found = await recover(this.#processing.kind, store, {
      lastSeq: await tape.lastSeq(),
      ownSeq: own.seq,
    })
    if (found.notice !== null) log('warn', 'recovered_with_notice', { notice: found.notice })
    this.#brain = this.#processing.create(found.state.brain)
    this.#sealer = new Sealer(this.#options.producer, found.nextSeq, this.#ports.now)
    this.#position = found.position
    this.#runId = found.runId
    for (const seq of found.state.skipped) this.#skipped.add(seq)
    this.#gate.limit(found.state.lockstep)
    // The first checkpoint exists before the first output does, so that "no checkpoint" can only
    // mean a lost database.
    if (found.nextSeq === 1) await this.#committer.commit({ outputs: [] })
    this.#committer.reset()
    this.#broken = false
    log('info', 'recovered', {
      position: found.position,
      next_seq: found.nextSeq,
      own_seq: own.seq,
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
    while (this.#position < upTo && !this.#stopping) await this.#moved.next()
    return await this.#turns.take(async () => ({
      position: this.#position,
      tapeSeq: this.#publisher.own.tapeSeq,
    }))
  }

  /**
   * Appends what came from outside (an operator's command). It is committed with the outbox first, so
   * it is on the tape once even when the process dies here. After a restart it waits until what the tape
   * holds of ours has been computed again, so that it takes no place in the sequence that is taken.
   * Throws when no run has started yet, and NOT_READY when the service stops.
   */
  async inject(
    outputs: readonly Output[],
    effect?: (tx: Tx) => Promise<void>,
  ): Promise<readonly Sealed[]> {
    for (;;) {
      while (!this.#isCaughtUp && !this.#stopping) await this.#moved.next()
      if (this.#stopping) throw new TapedeckError('NOT_READY', 'The service is stopping')
      const sealed = await this.#turns.take(async () =>
        this.#isCaughtUp ? await this.#put(outputs, effect) : null,
      )
      if (sealed !== null) return sealed
    }
  }

  /** Saves a checkpoint that is due although no message comes: ledgers follow a quiet tape too. */
  async saveWhenDue(): Promise<void> {
    await this.#turns.take(async () => {
      if (!this.#broken && !this.#stopping) await this.#committer.checkpointWhenDue()
    })
  }

  /** Stops reading, finishes what is in hand, and leaves a checkpoint. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#gate.release()
    this.#moved.wake()
    await this.#reading?.stop()
    // A state that a failed handler left behind is not one to go on from.
    await this.#turns.take(async () => {
      if (!this.#broken) await this.#committer.checkpoint()
    })
    await this.#publisher.settled()
  }

  /** Everything that the tape holds of ours has been computed (again). */
  get #isCaughtUp(): boolean {
    return !this.#broken && this.#sealer.nextSeq > this.#publisher.own.seq
  }

  async #put(
    outputs: readonly Output[],
    effect?: (tx: Tx) => Promise<void>,
  ): Promise<readonly Sealed[]> {
    const runId = this.#runId
    if (runId === null) throw new Error('no run has started yet, so nothing can be commanded')
    const sealed = outputs.map((item) => this.#sealer.seal(item, null, runId))
    await this.#committer.commit({ outputs: sealed, effect })
    await this.#publisher.publish(sealed)
    return sealed
  }

  #read(): void {
    // A stop that came during a rebuild.
    if (this.#stopping) return
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
        done += await this.#turns.take(async () => await this.#slice(batch, done))
      } catch (error) {
        if (error instanceof RebuildNeeded) return this.#rebuild()
        // Nothing here is expected to fail: storage and bus wait for themselves. A lost lease or a
        // broken invariant ends the service; starting again is the tested way out.
        this.#stopping = true
        this.#moved.wake()
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
    // Not awaited: this runs inside the reader's own callback.
    void this.#reading?.stop()
    this.#reading = null
    // In a turn of its own, so that no command meets a half rebuilt state.
    this.#turns
      .take(async () => await this.start())
      .catch((error: unknown) => this.#ports.onFatal(error))
  }

  /** Handles messages from `from` on, as far as the gate and the slice allow. Returns how many. */
  async #slice(batch: readonly RawMessage[], from: number): Promise<number> {
    const sealed: Sealed[] = []
    const inputs: Handled[] = []
    const traces: TracedHandling[] = []
    let index = from
    while (index < batch.length && index - from < SLICE_MAX && !this.#stopping) {
      const raw = batch[index]!
      if (beginsLockstep(raw)) this.#gate.limit(true)
      if (raw.seq > this.#gate.allowed) break
      index++
      if (raw.seq <= this.#position) continue
      const done = this.#skipped.has(raw.seq) ? null : await this.#handle(raw)
      if (done !== null) {
        if (done.outputs.length > 0) {
          const traced = traceHandling(this.#processing.service, raw, done.message)
          traces.push(traced)
          for (const item of done.outputs)
            sealed.push({ ...this.#sealer.seal(item, done.message), headers: traced.headers })
        }
        if (this.#committer.projects(done.message)) inputs.push({ message: done.message, raw })
      }
      this.#position = raw.seq
      this.#committer.count()
    }
    const last = traces.at(-1)?.context ?? context.active()
    await context.with(last, async () => await this.#settle(sealed, inputs))
    for (const { span } of traces) span.end()
    return index - from
  }

  async #handle(raw: RawMessage): Promise<{ outputs: Output[]; message: Message } | null> {
    const message = await readMessage(this.#ports, raw)
    if (message === null) return null
    if (isType(message, 'market.run.started')) {
      this.#runId = message.run_id
      this.#gate.limit(message.payload.lockstep)
    }
    if (!this.#readable.has(message.type)) return null
    this.#ports.metrics.handled(message.type, 1)
    try {
      return { outputs: await this.#brain.handle(message), message }
    } catch (error) {
      const detail = String(Error.isError(error) ? error.stack : error)
      await setAside(this.#ports, raw, 'HANDLER_FAILED', detail)
      this.#skipped.add(raw.seq)
      this.#broken = true
      throw new RebuildNeeded(error)
    }
  }

  async #settle(outputs: readonly Sealed[], inputs: readonly Handled[]): Promise<void> {
    const { kind } = this.#processing
    if (kind === 'durable' && (outputs.length > 0 || inputs.length > 0))
      await this.#committer.commit({ outputs, inputs })
    if (outputs.length > 0) await this.#publisher.publish(outputs)
    if (kind === 'stream') this.#committer.keep(outputs, inputs)
    await this.#committer.checkpointWhenDue()
    this.#ports.metrics.position(this.#position)
    this.#moved.wake()
  }

  #stand(): Checkpoint {
    const [brain, lockstep] = [this.#brain.snapshot(), this.#gate.limited]
    return {
      tapeSeq: this.#position,
      nextSeq: this.#sealer.nextSeq,
      runId: this.#runId,
      state: packState({ brain, lockstep, skipped: [...this.#skipped] }),
    }
  }
}
