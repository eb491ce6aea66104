/** Bound on what waits: beyond it the oldest is let out early. */
const WAITING_MAX = 100_000

type Waiting = { readonly at: number; readonly send: () => void }

/** What is to be sent later by the venue's clock, in the order of its time; those of one time in the order they came. */
export class DelayedMessages {
  #waiting: Waiting[] = []

  get due(): number | null {
    return this.#waiting[0]?.at ?? null
  }

  add(at: number, send: () => void): void {
    let low = 0
    let high = this.#waiting.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#waiting[middle]!.at <= at) low = middle + 1
      else high = middle
    }
    this.#waiting.splice(low, 0, { at, send })
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift()!.send()
  }

  /** Sends what is due at `time`. */
  run(time: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.at <= time) this.#waiting.shift()!.send()
  }
}
