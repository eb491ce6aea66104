import type { Json } from '../decider.ts'
import { percentileRank } from './percentile.ts'

export type VolatilityState = 'low' | 'normal' | 'high' | 'extreme'

/** Fewer samples than this rank nothing; the state stays unknown. */
const SAMPLES_MIN = 20

/** Below 25 low, above 75 high, above 95 extreme, else normal (domain §2). */
export const volatilityStateOf = (rank: number): VolatilityState => {
  if (rank > 95) return 'extreme'
  if (rank > 75) return 'high'
  return rank < 25 ? 'low' : 'normal'
}

/** Ranks ATR/close of each closed bar among those of the last `bars` bars, itself included. */
export class VolatilityRank {
  readonly #bars: number
  #samples: number[] = []
  #rank: number | null = null

  constructor(bars: number) {
    this.#bars = bars
  }

  /** Percentile rank, 0-100; null until there are enough bars to rank in. */
  get rank(): number | null {
    return this.#rank
  }

  get state(): VolatilityState | null {
    return this.#rank === null ? null : volatilityStateOf(this.#rank)
  }

  /** Adds a closed bar. Without an ATR yet it counts for nothing. */
  update(atr: number | null, close: number): void {
    if (atr === null || close <= 0) return
    const sample = atr / close
    this.#samples.push(sample)
    if (this.#samples.length > this.#bars) this.#samples.shift()
    const enough = this.#samples.length >= Math.min(SAMPLES_MIN, this.#bars)
    this.#rank = enough ? percentileRank(this.#samples, sample) : null
  }

  snapshot(): Json {
    return { samples: [...this.#samples], rank: this.#rank }
  }

  restore(json: Json): void {
    const saved = json as { samples: number[]; rank: number | null }
    this.#samples = [...saved.samples]
    this.#rank = saved.rank
  }
}
