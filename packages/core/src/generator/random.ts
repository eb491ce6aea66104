import type { Json } from '../decider.ts'

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by))

/**
 * A seeded generator: xoshiro128** (Blackman and Vigna, 2018), seeded by splitmix32. The same seed gives
 * the same numbers everywhere; 32 bits a draw.
 */
export class Random {
  #a = 0
  #b = 0
  #c = 0
  #d = 0

  /** `seed` is a whole number, or the state that `snapshot` gave. */
  constructor(seed: number | Json) {
    if (Array.isArray(seed)) {
      ;[this.#a, this.#b, this.#c, this.#d] = seed as [number, number, number, number]
      return
    }
    let mixed = Number(seed) | 0
    const draw = (): number => {
      mixed = (mixed + 0x9e3779b9) | 0
      let bits = mixed ^ (mixed >>> 16)
      bits = Math.imul(bits, 0x21f0aaad)
      bits ^= bits >>> 15
      bits = Math.imul(bits, 0x735a2d97)
      return bits ^ (bits >>> 15)
    }
    this.#a = draw()
    this.#b = draw()
    this.#c = draw()
    this.#d = draw() | 1
  }

  /** A number in [0, 1). */
  next(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9)
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = rotate(this.#d, 11)
    return (result >>> 0) / 4_294_967_296
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** A whole number in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return radius * Math.cos(2 * Math.PI * this.next())
  }

  /** Lognormal with the given mean; `sigma` is the deviation of its logarithm. */
  lognormal(mean: number, sigma: number): number {
    return mean * Math.exp(sigma * this.normal() - (sigma * sigma) / 2)
  }

  /** Poisson count; exact for the small means of one time slice. */
  poisson(mean: number): number {
    const limit = Math.exp(-Math.min(mean, 500))
    let count = 0
    for (let product = this.next(); product > limit; product *= this.next()) count++
    return count
  }

  snapshot(): Json {
    return [this.#a, this.#b, this.#c, this.#d]
  }
}
