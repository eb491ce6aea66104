import type { VenueClock } from '../../src/port/index.ts'

type Timer = { readonly due: number; readonly run: () => void }

/** The time of a recording, as time. */
export class ReplayClock implements VenueClock {
  #now = 0
  #timers: Timer[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#now + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  /** Time never falls; what is due runs. True when something did. */
  reach(time: number): boolean {
    this.#now = Math.max(this.#now, time)
    const due = this.#timers.filter((one) => one.due <= this.#now)
    if (due.length === 0) return false
    this.#timers = this.#timers.filter((one) => one.due > this.#now)
    for (const { run } of due.toSorted((a, b) => a.due - b.due)) run()
    return true
  }
}
