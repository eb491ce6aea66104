import type { VenueClock } from '../port/venue-clock.ts'

type Timer = { readonly due: number; readonly number: number; readonly run: () => void }

/** Everything that promises lead to without a timer or a socket. */
const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Time that passes when it is told to. */
export class TestClock implements VenueClock {
  #now: number
  #timers: Timer[] = []
  #count = 0

  constructor(now = 1_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#now + Math.max(0, ms), number: this.#count++, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  get timers(): number {
    return this.#timers.length
  }

  /** Runs what falls due, each with all that follows from it. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms
    await drain()
    for (;;) {
      let next: Timer | null = null
      for (const one of this.#timers)
        if (one.due <= until && (next === null || one.due < next.due)) next = one
      if (next === null) break
      const chosen = next
      this.#timers = this.#timers.filter((one) => one !== chosen)
      this.#now = Math.max(this.#now, chosen.due)
      chosen.run()
      await drain()
    }
    this.#now = until
  }
}
