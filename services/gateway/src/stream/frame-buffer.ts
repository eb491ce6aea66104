import { Readable } from 'node:stream'

const BYTES_MAX = 256 * 1024

/** What waits for one client. A writer waits once there is too much of it, until the client has taken some. */
export class FrameBuffer extends Readable {
  #waiting: (() => void)[] = []
  #isFinished = false
  #fullSince: number | null = null
  readonly #now: () => number

  constructor(now: () => number) {
    super({ highWaterMark: BYTES_MAX })
    this.#now = now
    this.once('close', () => this.#release())
  }

  /** Since when a writer waits, by the clock given; null when none does. */
  get fullSince(): number | null {
    return this.#fullSince
  }

  /** Resolves when there is room for the next, or when nobody listens any more. */
  async write(frame: string | Buffer): Promise<void> {
    if (this.destroyed || this.#isFinished || this.push(frame)) return
    this.#fullSince ??= this.#now()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    await promise
  }

  /** Sends what waits, then a last frame, then ends. */
  finish(frame: string): void {
    if (this.destroyed || this.#isFinished) return
    this.#isFinished = true
    this.push(frame)
    this.push(null)
    this.#release()
  }

  override _read(): void {
    this.#release()
  }

  #release(): void {
    this.#fullSince = null
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
