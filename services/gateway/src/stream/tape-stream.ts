import type { RawMessage, TapeReading } from '@tapedeck/bus'
import { hasCode } from '@tapedeck/contracts'
import { answerWithin } from '../answer-within.ts'
import type { Context } from '../context.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { controlFrame, messageFrame, retryFrame } from './frames.ts'

export interface TapeStreamOptions {
  /** The client has everything up to here. */
  readonly after: number
  readonly subjects: readonly string[]
  readonly symbol: string | undefined
  /** What is told to the client about its own request. */
  readonly hello: object
  /** Throws when the credential is not good any more. */
  readonly checkCredential: () => Promise<unknown>
  readonly onEvent: () => void
}

const HEARTBEAT_MS = 10_000
/** A client that takes nothing for this long is gone, whatever its socket says; it resumes where it was. */
const STALLED_MS_MAX = 60_000
const ASK_MS_MAX = 1_000
/** For the last frames of a stream that ends. */
const FLUSH_MS_MAX = 2_000

/** One client's reading of the tape. */
export class TapeStream {
  readonly body: FrameBuffer
  readonly #context: Context
  readonly #options: TapeStreamOptions
  readonly #heartbeat: NodeJS.Timeout
  #reading: TapeReading | null = null
  #passing: Promise<void> | null = null
  /** Everything up to here was put into the body. */
  #sent: number
  #hasEnded = false

  constructor(context: Context, options: TapeStreamOptions) {
    this.#context = context
    this.#options = options
    this.#sent = options.after
    this.body = new FrameBuffer(() => context.clock.monotonic())
    this.body.once('close', () => void this.#close())
    // A client that went away is no failure; without a listener it would end the process.
    this.body.on('error', () => undefined)
    const hello = { ...options.hello, server_time: context.clock.now(), heartbeat_ms: HEARTBEAT_MS }
    void this.body.write(retryFrame() + controlFrame('hello', hello, options.after))
    this.#heartbeat = setInterval(() => void this.#beat(), HEARTBEAT_MS)
    this.#heartbeat.unref()
    this.#run(options.after).catch((error: unknown) => this.#fail(error))
  }

  /** Says good-bye and ends once the client has taken what waits, or a moment later. */
  async end(reason: 'stopping' | 'credential' | 'failed'): Promise<void> {
    if (this.#hasEnded) return
    await this.#close()
    const closed = new Promise<void>((resolve) => this.body.once('close', resolve))
    this.body.finish(controlFrame('bye', { reason, server_time: this.#context.clock.now() }))
    if (!this.body.destroyed) await answerWithin(this.#context.clock, FLUSH_MS_MAX, closed)
    this.body.destroy()
  }

  async #close(): Promise<void> {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearInterval(this.#heartbeat)
    // A batch that waits for room would keep the reading from stopping.
    if (this.body.fullSince !== null) this.body.destroy()
    await this.#reading?.stop()
  }

  async #run(from: number): Promise<void> {
    let after: number | null = from
    while (after !== null && !this.#hasEnded) after = await this.#readFrom(after)
  }

  /** Reads until the stream ends (null), or until the tape does not hold what comes next: then from where it does. */
  async #readFrom(after: number): Promise<number | null> {
    const { tape } = this.#context.bus
    const { subjects } = this.#options
    try {
      this.#reading = tape.read({
        after,
        subjects,
        onBatch: async (batch) => await this.#send(batch),
      })
      await this.#reading.finished
      return null
    } catch (error) {
      if (this.#hasEnded) return null
      const next = await this.#nextHeld(error)
      if (next === null) throw error
      this.#sent = next
      const lost = {
        reason: (error as { code: string }).code,
        asked_after: after,
        resumed_after: next,
      }
      await this.body.write(controlFrame('resync', lost, next))
      return next
    }
  }

  #fail(error: unknown): void {
    if (this.#hasEnded) return
    this.#context.logger.error(
      { event: 'stream_failed', err: error },
      'an event stream cannot go on',
    )
    void this.end('failed')
  }

  /** The position before the first message that the tape still holds, or its end when the client was ahead of it. */
  async #nextHeld(error: unknown): Promise<number | null> {
    if (hasCode(error, 'TAPE_FORGOTTEN')) {
      const first = error.details['firstSeq']
      return typeof first === 'number' ? first - 1 : null
    }
    if (hasCode(error, 'STREAM_TAIL_LOST')) return await this.#context.bus.tape.lastSeq()
    return null
  }

  async #send(batch: readonly RawMessage[]): Promise<void> {
    for (const message of batch) {
      if (this.#hasEnded) return
      const frame = messageFrame(message, this.#options.symbol)
      if (frame !== null) {
        this.#options.onEvent()
        await this.body.write(frame)
      }
      this.#sent = message.seq
    }
  }

  /** Life sign, and the position: so a client whose topics are rare does not fall out of the tape's memory. */
  async #beat(): Promise<void> {
    const { clock } = this.#context
    const { fullSince } = this.body
    if (fullSince !== null) {
      if (clock.monotonic() - fullSince > STALLED_MS_MAX) this.body.destroy()
      return
    }
    try {
      await this.#options.checkCredential()
    } catch (error) {
      if (hasCode(error, 'UNAUTHENTICATED')) return await this.end('credential')
    }
    await this.#catchUp()
    if (this.#hasEnded || this.body.fullSince !== null) return
    const beat = { server_time: clock.now(), tape: this.#context.bus.status() }
    await this.body.write(controlFrame('hb', beat, this.#sent))
  }

  /** Moves the position past what was not for this client. Gives up soon: the next beat tries again. */
  async #catchUp(): Promise<void> {
    const { bus, clock } = this.#context
    const reading = this.#reading
    const last = await answerWithin(clock, ASK_MS_MAX, bus.tape.lastSeq())
    if (last === null || last <= this.#sent || reading?.caughtUp() !== true) return
    // One question at a time: it stays open until it is answered, however long that takes.
    this.#passing ??= this.#pass(reading, last)
    await answerWithin(clock, ASK_MS_MAX, this.#passing)
  }

  async #pass(reading: TapeReading, last: number): Promise<void> {
    try {
      await reading.passed(last)
      if (reading === this.#reading && !this.#hasEnded) this.#sent = Math.max(this.#sent, last)
    } finally {
      this.#passing = null
    }
  }
}
