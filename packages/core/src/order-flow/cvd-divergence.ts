import type { OrderFlowConfig } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'

export type DivergenceName = 'BEARISH' | 'BULLISH'

export type Divergence = {
  readonly divergence: DivergenceName
  readonly priceChangeFraction: number
  readonly cvdChangeLots: number
  /** Price change in ATRs, signed. */
  readonly atrMultiple: number
  readonly confidence: number
}

type Saved = { prices: number[]; cvds: number[]; cvd: number }

/**
 * Price that moved without its cumulative delta (S3 §5.4), one sample per closed minute. BEARISH: price
 * rose, delta did not follow; BULLISH the other way round.
 */
export class CvdDivergence {
  readonly #config: OrderFlowConfig['divergence']
  #prices: number[] = []
  #cvds: number[] = []
  #cvd = 0

  constructor(config: OrderFlowConfig['divergence']) {
    this.#config = config
  }

  /** Adds a closed minute. `atrTicks`: Wilder ATR of 15 m bars; without it nothing can be said. */
  update(closeTicks: number, deltaLots: number, atrTicks: number | null): Divergence | null {
    this.#cvd += deltaLots
    this.#prices.push(closeTicks)
    this.#cvds.push(this.#cvd)
    if (this.#prices.length > this.#config.periods) {
      this.#prices.shift()
      this.#cvds.shift()
    }
    if (this.#prices.length < this.#config.periods || atrTicks === null || atrTicks <= 0)
      return null
    return this.#compare(atrTicks)
  }

  #compare(atrTicks: number): Divergence | null {
    const first = this.#prices[0]!
    const change = this.#prices.at(-1)! - first
    const atrMultiple = change / atrTicks
    const cvdChange = this.#cvds.at(-1)! - this.#cvds[0]!
    const range = Math.max(...this.#cvds) - Math.min(...this.#cvds)
    const followed = range === 0 ? 0 : cvdChange / range
    const { min_atr_move: least, cvd_threshold: threshold } = this.#config
    const bearish = atrMultiple > least && followed < threshold
    const bullish = atrMultiple < -least && followed > -threshold
    if (!bearish && !bullish) return null
    return {
      divergence: bearish ? 'BEARISH' : 'BULLISH',
      priceChangeFraction: change / first,
      cvdChangeLots: cvdChange,
      atrMultiple,
      confidence: Math.min(1, Math.abs(atrMultiple) / 1.5),
    }
  }

  /** A session begins. */
  reset(): void {
    this.#prices = []
    this.#cvds = []
    this.#cvd = 0
  }

  snapshot(): Json {
    return { prices: [...this.#prices], cvds: [...this.#cvds], cvd: this.#cvd }
  }

  restore(json: Json): void {
    const saved = json as Saved
    this.#prices = [...saved.prices]
    this.#cvds = [...saved.cvds]
    this.#cvd = saved.cvd
  }
}
