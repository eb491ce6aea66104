import { Signal } from './signal.ts'

/**
 * Holds a service back in lockstep: it may handle the tape up to the sequence that the baton allowed,
 * and no further. Open (no limit) otherwise.
 */
export class Gate {
  #limited = false
  #released = false
  #allowed = 0
  readonly #changed = new Signal()

  get limited(): boolean {
    return this.#limited
  }

  /** Highest sequence that may be handled now. */
  get allowed(): number {
    return this.#limited && !this.#released ? this.#allowed : Number.MAX_SAFE_INTEGER
  }

  limit(on: boolean): void {
    this.#limited = on
    this.#changed.wake()
  }

  allow(upTo: number): void {
    if (upTo > this.#allowed) this.#allowed = upTo
    this.#changed.wake()
  }

  /** Resolves when `seq` may be handled. */
  async until(seq: number): Promise<void> {
    while (seq > this.allowed) await this.#changed.next()
  }

  /** Lets go of whoever waits, for a stop. Whether the run is in lockstep stays: the successor has to know. */
  release(): void {
    this.#released = true
    this.#changed.wake()
  }
}
