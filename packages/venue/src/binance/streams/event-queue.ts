/** Between sockets that push and one reader that pulls. Bounded: `push` says when it is full. */
export class EventQueue<T> {
  readonly #max: number
  #events: T[] = []
  #closed = false
  #overflowed = false
  #wake: (() => void) | null = null

  constructor(max: number) {
    this.#max = max
  }

  /** Takes events in. False once, when the bound is passed: the caller stops its sources. */
  push(events: readonly T[]): boolean {
    if (this.#closed) return true
    for (const event of events) this.#events.push(event)
    this.#wake?.()
    if (this.#events.length <= this.#max || this.#overflowed) return true
    this.#overflowed = true
    return false
  }

  /** Everything that has queued, or null after `close`. Waits when there is nothing. */
  async take(): Promise<readonly T[] | null> {
    if (this.#events.length === 0 && !this.#closed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    this.#wake = null
    if (this.#closed) return null
    const events = this.#events
    this.#events = []
    this.#overflowed = false
    return events
  }

  close(): void {
    this.#closed = true
    this.#wake?.()
  }
}
