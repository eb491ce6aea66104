import type { MarketStateName, OrderFlowConfig } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'

type Saved = {
  high: number | null
  low: number | null
  complete: boolean
  deltas: number[]
  state: MarketStateName
}

/**
 * Balance or imbalance (S3 §9.1): price against the initial balance of the session, confirmed by the
 * trend of one-minute deltas. A break without confirmation is a false break, which is balance.
 */
export class MarketState {
  readonly #config: OrderFlowConfig['market_state']
  #high: number | null = null
  #low: number | null = null
  /** Whether the session was watched from its start; a balance that was seen in part is not known. */
  #complete = false
  #deltas: number[] = []
  #state: MarketStateName = 'UNKNOWN'

  constructor(config: OrderFlowConfig['market_state']) {
    this.#config = config
  }

  get state(): MarketStateName {
    return this.#state
  }

  get initialBalance(): { readonly high: number; readonly low: number } | null {
    return this.#complete && this.#high !== null && this.#low !== null
      ? { high: this.#high, low: this.#low }
      : null
  }

  /** Sum of the last one-minute deltas; null while there are too few. */
  get deltaTrend(): number | null {
    if (this.#deltas.length < this.#config.delta_minutes_min) return null
    return this.#deltas.reduce((sum, delta) => sum + delta, 0)
  }

  /** A session begins. `fromItsStart`: nothing of it was missed. */
  reset(fromItsStart: boolean): void {
    this.#high = null
    this.#low = null
    this.#complete = fromItsStart
    this.#deltas = []
    this.#state = 'UNKNOWN'
  }

  /** Prices traded inside the initial balance period. */
  widen(high: number, low: number): void {
    if (this.#high === null || high > this.#high) this.#high = high
    if (this.#low === null || low < this.#low) this.#low = low
  }

  /** A minute closed. `established`: the initial balance period is over. Returns the state after it. */
  onMinute(closeTicks: number, deltaLots: number, established: boolean): MarketStateName {
    this.#deltas.push(deltaLots)
    if (this.#deltas.length > this.#config.delta_minutes) this.#deltas.shift()
    this.#state = this.#classify(closeTicks, established)
    return this.#state
  }

  #classify(price: number, established: boolean): MarketStateName {
    const balance = this.initialBalance
    if (!established || balance === null) return 'UNKNOWN'
    const margin = (balance.high - balance.low) * this.#config.ib_break_fraction
    const trend = this.deltaTrend ?? 0
    if (price > balance.high + margin) return trend > 0 ? 'IMBALANCE_UP' : 'BALANCE'
    if (price < balance.low - margin) return trend < 0 ? 'IMBALANCE_DOWN' : 'BALANCE'
    return 'BALANCE'
  }

  snapshot(): Json {
    return {
      high: this.#high,
      low: this.#low,
      complete: this.#complete,
      deltas: [...this.#deltas],
      state: this.#state,
    }
  }

  restore(json: Json): void {
    const saved = json as Saved
    this.#high = saved.high
    this.#low = saved.low
    this.#complete = saved.complete
    this.#deltas = [...saved.deltas]
    this.#state = saved.state
  }
}
