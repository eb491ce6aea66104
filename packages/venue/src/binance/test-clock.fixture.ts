import type { VenueClock } from '../port/index.ts'

/** A clock that is moved by hand. */
export class TestClock implements VenueClock {
  #now: number
  #timers: { at: number; run: () => void }[] = []

  constructor(now = 1_795_000_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  /** Moves on, runs what falls due in its order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settle()
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > end) break
      this.#now = Math.max(this.#now, next.at)
      this.#timers = this.#timers.filter((one) => one !== next)
      next.run()
    }
    this.#now = end
    await settle()
  }

  get waiting(): number {
    return this.#timers.length
  }

  /** The clock is set: nothing falls due by it. */
  step(ms: number): void {
    this.#now += ms
  }
}

/** Everything that waits for promises alone has happened. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
