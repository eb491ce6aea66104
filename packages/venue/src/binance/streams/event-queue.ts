/**
 * Between sockets that push and one reader that pulls. Bounded: beyond the bound nothing is taken until the
 * reader has taken what there is, because whatever came later would lie behind a hole.
 */
export class EventQueue<T> {
  readonly #max: number
  #events: T[] = []
  #closed = false
  #isFull = false
  #wake: (() => void) | null = null

  constructor(max: number) {
    this.#max = max
  }

  /** Takes events in, all or none. False: they were not taken; the caller stops its sources, and repairs later. */
  offer(events: readonly T[]): boolean {
    if (this.#closed) return true
    const isTooMuch = this.#events.length > 0 && this.#events.length + events.length > this.#max
    this.#isFull ||= isTooMuch
    if (this.#isFull) return false
    this.tell(events)
    return true
  }

  /** Takes in what has to be known whatever happens, and is little. */
  tell(events: readonly T[]): void {
    if (this.#closed) return
    for (const event of events) this.#events.push(event)
    this.#wake?.()
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
    this.#isFull = false
    return events
  }

  close(): void {
    this.#closed = true
    this.#wake?.()
  }
}
