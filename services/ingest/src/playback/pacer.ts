import type { Clock } from '@tapedeck/runtime'

/** Keeps playback at a factor of real time: waits when the market is ahead of the wall. */
export class Pacer {
  readonly speed: number
  readonly #clock: Clock
  #origin: { readonly market: number; readonly wall: number } | null = null

  /** `speed` Infinity never waits. */
  constructor(speed: number, clock: Clock) {
    this.speed = speed
    this.#clock = clock
  }

  async reach(marketTime: number, signal: AbortSignal): Promise<void> {
    if (this.speed === Infinity) return
    this.#origin ??= { market: marketTime, wall: this.#clock.monotonic() }
    const due = this.#origin.wall + (marketTime - this.#origin.market) / this.speed
    const wait = due - this.#clock.monotonic()
    if (wait > 0) await this.#clock.sleep(wait, signal)
  }
}
