import type { Random } from './random.ts'

/** Price turns, and so leaves an extreme behind, when it has come back by this fraction. */
const TURN = 0.0025
/** How far beyond an extreme its stops lie. */
const BEYOND = [0.00005, 0.0003] as const

/**
 * Where stops lie: a little beyond the last extremes at which price turned. When price gets there, they go
 * off.
 */
export class StopClusters {
  readonly #random: Random
  #direction: 1 | -1 = 1
  #extreme: number
  #above: number | null = null
  #below: number | null = null

  constructor(random: Random, ticks: number) {
    this.#random = random
    this.#extreme = ticks
  }

  /** Price is at `ticks`: the direction of stops that it sets off, or 0. */
  reach(ticks: number): 1 | -1 | 0 {
    this.#follow(ticks)
    if (this.#above !== null && ticks >= this.#above) {
      this.#above = null
      return 1
    }
    if (this.#below !== null && ticks <= this.#below) {
      this.#below = null
      return -1
    }
    return 0
  }

  #follow(ticks: number): void {
    const direction = this.#direction
    if ((ticks - this.#extreme) * direction >= 0) {
      this.#extreme = ticks
      return
    }
    if ((this.#extreme - ticks) * direction < this.#extreme * TURN) return
    const at = this.#extreme * (1 + direction * this.#random.between(...BEYOND))
    if (direction > 0) this.#above = at
    else this.#below = at
    this.#direction = direction > 0 ? -1 : 1
    this.#extreme = ticks
  }
}
