/** Something that falls due. Whoever handles it looks whether it still holds. */
export type Timer =
  | {
      readonly at: number
      readonly kind: 'good_till'
      readonly account: string
      readonly symbol: string
      readonly orderId: number
    }
  | {
      readonly at: number
      readonly kind: 'conditional_good_till'
      readonly account: string
      readonly algoId: number
    }
  | {
      readonly at: number
      readonly kind: 'countdown'
      readonly account: string
      readonly symbol: string
    }

/** What falls due, by time; what falls due together, as it was set. */
export class Timers {
  readonly #timers: Timer[] = []

  set(timer: Timer): void {
    let place = this.#timers.length
    while (place > 0 && this.#timers[place - 1]!.at > timer.at) place--
    this.#timers.splice(place, 0, timer)
  }

  /** When the next falls due; Infinity when nothing does. */
  get nextAt(): number {
    return this.#timers[0]?.at ?? Infinity
  }

  /** What waits, in the order in which it falls due: setting it again in that order gives the same. */
  pending(): readonly Timer[] {
    return this.#timers
  }

  takeDue(time: number): Timer | null {
    const [next] = this.#timers
    if (next === undefined || next.at > time) return null
    this.#timers.shift()
    return next
  }
}
