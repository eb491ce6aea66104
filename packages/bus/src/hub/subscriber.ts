import type { RawMessage } from '../raw-message.ts'
import type { TapeReading } from '../read/read-tape.ts'
import { subjectFilter } from '../read/subject-filter.ts'

export type SubscribeOptions = {
  /** Exclusive; 0 reads from the start. */
  readonly after: number
  readonly subjects?: readonly string[]
  /** Default 256. */
  readonly batchMax?: number
  readonly onBatch: (messages: readonly RawMessage[]) => Promise<void>
}

const BATCH_MAX = 256
/** The slowest subscriber holds up the reader beyond this many waiting messages. */
const QUEUE_MAX = 8_192

/** One reader of the hub, at its own pace within the bound. */
export class Subscriber implements TapeReading {
  readonly finished: Promise<void>
  readonly after: number
  readonly #accepts: (subject: string) => boolean
  readonly #options: SubscribeOptions
  readonly #reading: () => Promise<TapeReading>
  readonly #isHubCaughtUp: () => boolean
  #queue: RawMessage[] = []
  #offered: number
  #handled: number
  #isBusy = false
  #hasStopped = false
  #wake: (() => void) | null = null
  #onRoom: (() => void) | null = null
  #waiters: { seq: number; resolve: () => void }[] = []

  /** `reading` is the shared one, once it has begun. */
  constructor(
    options: SubscribeOptions,
    reading: () => Promise<TapeReading>,
    isHubCaughtUp: () => boolean,
  ) {
    const { subjects = [], after } = options
    this.after = after
    this.#options = options
    this.#reading = reading
    this.#isHubCaughtUp = isHubCaughtUp
    this.#accepts = subjects.length === 0 ? () => true : subjectFilter(subjects)
    this.#offered = after
    this.#handled = after
    this.finished = this.#run()
  }

  position(): number {
    return this.#handled
  }

  caughtUp(): boolean {
    return !this.#isBusy && this.#queue.length === 0 && this.#isHubCaughtUp()
  }

  async passed(seq: number): Promise<void> {
    if (this.#handled >= seq || this.#hasStopped) return
    // The shared reading may skip what nobody asked for; what it has passed was offered, or was not for us.
    await (await this.#reading()).passed(seq)
    this.#offered = Math.max(this.#offered, seq)
    if (!this.#isBusy && this.#queue.length === 0) this.#moveTo(this.#offered)
    if (this.#handled >= seq || this.#hasStopped) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiters.push({ seq, resolve })
    await promise
  }

  async stop(): Promise<void> {
    this.end()
    await this.finished.catch(() => {
      // Whoever subscribed learns of it from `finished`.
    })
  }

  end(): void {
    this.#hasStopped = true
    this.#wake?.()
    this.#onRoom?.()
  }

  /** Takes what is new to it of a batch; resolves when there is room for the next. */
  async offer(messages: readonly RawMessage[]): Promise<void> {
    if (this.#hasStopped) return
    for (const message of messages) {
      if (message.seq <= this.#offered) continue
      this.#offered = message.seq
      if (this.#accepts(message.subject)) this.#queue.push(message)
    }
    this.#wake?.()
    if (this.#queue.length <= QUEUE_MAX) return
    await new Promise<void>((resolve) => (this.#onRoom = resolve))
  }

  async #run(): Promise<void> {
    const { batchMax = BATCH_MAX, onBatch } = this.#options
    try {
      while (!this.#hasStopped) {
        if (this.#queue.length === 0) {
          this.#moveTo(this.#offered)
          await new Promise<void>((resolve) => (this.#wake = resolve))
          continue
        }
        const batch = this.#queue.slice(0, batchMax)
        this.#queue = this.#queue.slice(batchMax)
        this.#isBusy = true
        await onBatch(batch)
        this.#isBusy = false
        this.#moveTo(batch.at(-1)!.seq)
        if (this.#queue.length <= QUEUE_MAX / 2) this.#onRoom?.()
      }
    } finally {
      this.end()
      for (const { resolve } of this.#waiters.splice(0)) resolve()
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
