import type { VenueClock } from '@tapedeck/venue'

/** Promises that wait for nothing but each other have settled. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** More would be a program that never ends. */
const STEPS_MAX = 100_000

/** Time that passes only when it is told to, for a client and its venue together. */
export class VirtualClock implements VenueClock {
  #now: number
  #serial = 0
  #timers: { readonly at: number; readonly serial: number; readonly run: () => void }[] = []
  readonly #onMove: (now: number) => void

  /** `onMove`: the venue's clock is moved along before timers of that time run. */
  constructor(now: number, onMove: (now: number) => void) {
    this.#now = now
    this.#onMove = onMove
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), serial: this.#serial++, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    for (let step = 0; step < STEPS_MAX; step++) {
      await settle()
      const next = this.#next()
      if (next === null || next > end) {
        this.#moveTo(end)
        return settle()
      }
      this.#runNext()
    }
    throw new Error(`time did not pass: ${STEPS_MAX} timers in ${ms} ms`)
  }

  /** Lets time pass until `work` is done: as little as it takes. */
  async during<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false }
    const watched = work.finally(() => {
      state.isDone = true
    })
    watched.catch(() => undefined)
    for (let step = 0; step < STEPS_MAX; step++) {
      await settle()
      if (state.isDone) return watched
      if (this.#next() === null) throw new Error('it waits for something that never happens')
      this.#runNext()
    }
    throw new Error('it is never done')
  }

  #moveTo(time: number): void {
    this.#now = Math.max(this.#now, time)
    this.#onMove(this.#now)
  }

  #next(): number | null {
    return this.#timers.reduce<number | null>(
      (first, { at }) => (first === null || at < first ? at : first),
      null,
    )
  }

  #runNext(): void {
    const [next] = this.#timers.toSorted((a, b) => a.at - b.at || a.serial - b.serial)
    if (next === undefined) return
    this.#timers = this.#timers.filter((one) => one !== next)
    this.#moveTo(next.at)
    next.run()
  }
}
