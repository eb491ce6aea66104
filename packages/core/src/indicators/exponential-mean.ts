import type { Json } from '../decider.ts'

/**
 * Exponential moving average: seeded with the mean of the first `period` samples, then
 * `previous + 2 / (period + 1) x (sample - previous)`.
 */
export class ExponentialMean {
  readonly #period: number
  #samples = 0
  #seed = 0
  #value: number | null = null

  constructor(period: number) {
    this.#period = period
  }

  /** Null until `period` samples were seen. */
  get value(): number | null {
    return this.#value
  }

  update(sample: number): number | null {
    if (this.#value !== null) {
      this.#value += (2 / (this.#period + 1)) * (sample - this.#value)
      return this.#value
    }
    this.#seed += sample
    this.#samples++
    if (this.#samples === this.#period) this.#value = this.#seed / this.#period
    return this.#value
  }

  snapshot(): Json {
    return { samples: this.#samples, seed: this.#seed, value: this.#value }
  }

  restore(json: Json): void {
    const saved = json as { samples: number; seed: number; value: number | null }
    this.#samples = saved.samples
    this.#seed = saved.seed
    this.#value = saved.value
  }
}
