import type { Json } from '../decider.ts'

/** Until when the measures touch a hole in the market data: a gap, a resync, a reconnect, a clock jump. */
export class Taint {
  readonly #lengthMs: number
  #until: number | null = null
  #down = false

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
  }

  /** There is a hole that ends at `at`. */
  mark(at: number): void {
    this.#until = Math.max(this.#until ?? 0, at + this.#lengthMs)
  }

  /** The feed stopped telling: what follows is a hole until it is up again. */
  feedDown(at: number): void {
    this.#down = true
    this.mark(at)
  }

  feedUp(at: number): void {
    if (this.#down) this.mark(at)
    this.#down = false
  }

  /** End of the taint that is in force at `at`, or null. */
  untilAt(at: number): number | null {
    return this.#until !== null && this.#until > at ? this.#until : null
  }

  snapshot(): Json {
    return { until: this.#until, down: this.#down }
  }

  restore(json: Json): void {
    const saved = json as { until: number | null; down: boolean }
    this.#until = saved.until
    this.#down = saved.down
  }
}
