/** Protection and exits first, then what takes risk or orders away, then what adds. */
export type Urgency = 0 | 1 | 2

type Waiting = { readonly urgency: Urgency; readonly run: () => Promise<void> }

/** What protects has lanes of its own: so many, and never one that waits for anything else. */
const MOST_URGENT = 16

/**
 * Requests under way, bounded. The more urgent goes first; the least urgent never takes more than half, and what
 * protects does not count with the rest: an exit does not wait behind requests that nobody answers.
 */
export class RequestLanes {
  readonly #most: number
  #waiting: Waiting[] = []
  /** By urgency. */
  readonly #underWay: [number, number, number] = [0, 0, 0]
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

  #hasRoom(urgency: Urgency): boolean {
    const [urgent, middle, least] = this.#underWay
    if (urgency === 0) return urgent < MOST_URGENT
    if (middle + least >= this.#most) return false
    return urgency === 1 || least < Math.floor(this.#most / 2)
  }

  #takeNext(): Waiting | null {
    let best: Waiting | null = null
    for (const one of this.#waiting)
      if (this.#hasRoom(one.urgency) && (best === null || one.urgency < best.urgency)) best = one
    if (best !== null) this.#waiting = this.#waiting.filter((one) => one !== best)
    return best
  }

  #next(): void {
    for (let next = this.#takeNext(); next !== null; next = this.#takeNext()) void this.#run(next)
  }

  async #run({ urgency, run }: Waiting): Promise<void> {
    this.#underWay[urgency] += 1
    try {
      await run()
    } finally {
      this.#underWay[urgency] -= 1
      this.#next()
      this.#tellIdle()
    }
  }

  #tellIdle(): void {
    if (this.#underWay.some((count) => count > 0) || this.#waiting.length > 0) return
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }
}
