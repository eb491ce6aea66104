import type { OrderFlowConfig, Side } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { RollingPercentile } from '../indicators/index.ts'

/** One-sided flow on unusual volume: a large |delta ratio| of 5 s, with 5 s volume above its own percentile. */
export class Aggression {
  readonly #config: OrderFlowConfig['aggression']
  readonly #history: RollingPercentile

  constructor(config: OrderFlowConfig['aggression']) {
    this.#config = config
    this.#history = new RollingPercentile(config.history)
  }

  /** The aggressive side at a grid point, or null. */
  sideOf(ratio: number, volumeLots: number): Side | null {
    if (Math.abs(ratio) < this.#config.min_ratio) return null
    if (this.#history.count < this.#config.history_min) return null
    const usual = this.#history.at(this.#config.volume_percentile)
    if (usual === null || volumeLots <= usual) return null
    return ratio > 0 ? 'BUY' : 'SELL'
  }

  /** Once a second: the 5 s volume enters the history. */
  sample(volumeLots: number): void {
    this.#history.add(volumeLots)
  }

  snapshot(): Json {
    return this.#history.snapshot()
  }

  restore(json: Json): void {
    this.#history.restore(json)
  }
}
