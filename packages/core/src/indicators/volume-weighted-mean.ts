import type { Json } from '../decider.ts'

/**
 * Volume-weighted mean and deviation of price, by West's incremental form of Welford's algorithm, with
 * Chan's rule for adding a whole group at once. Population variance: the weights are the traded volume,
 * not a sample of it. In the units of the prices that it is given.
 */
export class VolumeWeightedMean {
  #volume = 0
  #mean = 0
  #squares = 0

  /** Null before the first volume. */
  get mean(): number | null {
    return this.#volume === 0 ? null : this.#mean
  }

  /** 0 while all volume traded at one price; null before the first. */
  get deviation(): number | null {
    return this.#volume === 0 ? null : Math.sqrt(Math.max(0, this.#squares / this.#volume))
  }

  add(price: number, volume: number): void {
    this.addGroup(volume, price, 0)
  }

  /** Adds a group by its volume, its weighted mean and its weighted sum of squared distances from that mean. */
  addGroup(volume: number, mean: number, squares: number): void {
    if (volume <= 0) return
    const total = this.#volume + volume
    const distance = mean - this.#mean
    this.#squares += squares + distance * distance * ((this.#volume * volume) / total)
    this.#mean += distance * (volume / total)
    this.#volume = total
  }

  reset(): void {
    this.#volume = 0
    this.#mean = 0
    this.#squares = 0
  }

  snapshot(): Json {
    return [this.#volume, this.#mean, this.#squares]
  }

  restore(json: Json): void {
    const [volume, mean, squares] = json as [number, number, number]
    this.#volume = volume
    this.#mean = mean
    this.#squares = squares
  }
}
