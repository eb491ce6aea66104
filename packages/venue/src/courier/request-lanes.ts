/** Protection and exits first, then what takes risk or orders away, then what adds. */
export type Urgency = 0 | 1 | 2

type Waiting = { readonly urgency: Urgency; readonly run: () => Promise<void> }

/**
 * Requests under way, bounded. The more urgent goes first; the least urgent never takes more than half,
 * so that an exit does not wait behind entries that nobody answers.
 */
export class RequestLanes {
  readonly #most: number
  #waiting: Waiting[] = []
  #underWay = 0
  #leastUrgent = 0
  #idle: (() => void)[] = []

  constructor(most: number) {
    this.#most = Math.max(2, most)
  }

  add(urgency: Urgency, run: () => Promise<void>): void {
    this.#waiting.push({ urgency, run })
    this.#next()
  }

  /** Forgets what was not begun. */
  clear(): void {
    this.#waiting = []
    this.#tellIdle()
  }

  /** Once nothing is under way or waits. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#tellIdle()
    })
  }

  #takeNext(): Waiting | null {
    if (this.#underWay >= this.#most) return null
    const room = this.#leastUrgent < Math.floor(this.#most / 2)
    let best: Waiting | null = null
    for (const one of this.#waiting)
      if ((one.urgency < 2 || room) && (best === null || one.urgency < best.urgency)) best = one
    if (best !== null) this.#waiting = this.#waiting.filter((one) => one !== best)
    return best
  }

  #next(): void {
    for (let next = this.#takeNext(); next !== null; next = this.#takeNext()) void this.#run(next)
  }

  async #run({ urgency, run }: Waiting): Promise<void> {
    this.#underWay += 1
    if (urgency === 2) this.#leastUrgent += 1
    try {
      await run()
    } finally {
      this.#underWay -= 1
      if (urgency === 2) this.#leastUrgent -= 1
      this.#next()
      this.#tellIdle()
    }
  }

  #tellIdle(): void {
    if (this.#underWay > 0 || this.#waiting.length > 0) return
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }
}
