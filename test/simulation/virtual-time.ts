import type { VenueClock } from '@tapedeck/venue'

type Timer = { readonly due: number; readonly order: number; run: (() => void) | null }

const before = (a: Timer, b: Timer): boolean =>
  a.due < b.due || (a.due === b.due && a.order < b.order)

/** Everything that promises lead to: microtasks are run dry before a macrotask has its turn. */
const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Time that passes from event to event. Nothing here waits for the machine: a timer runs once everything
 * that the one before led to is done, so the same events come in the same order on any machine.
 */
export class VirtualTime implements VenueClock {
  #now: number
  #order = 0
  /** A binary heap, the next timer first. */
  readonly #heap: Timer[] = []
  /** Told after each timer and all that followed from it. */
  onStep: () => void = () => undefined

  constructor(start: number) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    // Whole milliseconds, as clocks have them, and as venues tell them.
    const due = Math.ceil(this.#now + Math.max(0, ms))
    const timer: Timer = { due, order: this.#order++, run }
    this.#push(timer)
    return () => {
      timer.run = null
    }
  }

  /** Runs what falls due up to a time, or until `done` says so. True when it did. */
  async runUntil(time: number, done: () => boolean = () => false): Promise<boolean> {
    await drain()
    for (let next = this.#heap[0]; next !== undefined && next.due <= time; next = this.#heap[0]) {
      this.#pop()
      if (next.run === null) continue
      this.#now = Math.max(this.#now, next.due)
      next.run()
      await drain()
      this.onStep()
      if (done()) return true
    }
    this.#now = Math.max(this.#now, time)
    return done()
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(timer)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(timer, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = timer
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1
      if (!before(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}

/**
 * The time of one process: once it has ended, none of its timers runs and none of its promises that wait
 * for one goes on. What it had asked of others happens all the same.
 */
export class ProcessTime implements VenueClock {
  readonly #time: VenueClock
  #ended = false
  #paused = false
  /** What fell due while it stood still. */
  #overdue: (() => void)[] = []

  constructor(time: VenueClock) {
    this.#time = time
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  get isPaused(): boolean {
    return this.#paused
  }

  now(): number {
    return this.#time.now()
  }

  after(ms: number, run: () => void): () => void {
    let canceled = false
    const cancel = this.#time.after(ms, () => {
      if (this.#ended) return
      if (!this.#paused) return run()
      this.#overdue.push(() => {
        if (!canceled && !this.#ended) run()
      })
    })
    return () => {
      canceled = true
      cancel()
    }
  }

  /** Stands still, as a process that is stopped does: time goes on without it. */
  pause(): void {
    this.#paused = true
  }

  /** Does what fell due meanwhile, one after the other. */
  resume(): void {
    this.#paused = false
    const overdue = this.#overdue
    this.#overdue = []
    for (const run of overdue) this.#time.after(0, run)
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve)
    })
  }

  end(): void {
    this.#ended = true
  }
}
