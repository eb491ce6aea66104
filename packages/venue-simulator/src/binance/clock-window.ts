export type SavedWindow = readonly [start: number, used: number]

/** How much was used in the current stretch of the clock: 10 seconds, a minute. Starts anew at its end. */
export class ClockWindow {
  readonly #lengthMs: number
  #start = -1
  #used = 0

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
  }

  used(time: number): number {
    this.#turn(time)
    return this.#used
  }

  add(amount: number, time: number): number {
    this.#turn(time)
    this.#used += amount
    return this.#used
  }

  snapshot(): SavedWindow {
    return [this.#start, this.#used]
  }

  restore([start, used]: SavedWindow): void {
    this.#start = start
    this.#used = used
  }

  #turn(time: number): void {
    const start = time - (time % this.#lengthMs)
    if (start === this.#start) return
    this.#start = start
    this.#used = 0
  }
}
