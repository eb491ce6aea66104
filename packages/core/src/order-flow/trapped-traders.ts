import type { OrderFlowConfig, Side } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'

/** Absorption that becomes a trap if price turns. */
export type PendingTrap = { side: Side; lots: number; priceTicks: number; at: number }

export type Trap = {
  readonly at: number
  /** SELL: sellers are trapped, which is bullish. */
  readonly trappedSide: Side
  readonly trapTicks: number
  readonly priceTicks: number
  readonly absorptionLots: number
  readonly estimatedStopsLots: number
  readonly confidence: number
}

/**
 * Traders who pushed into passive orders and are now offside (S3 §5.3). One trap is pending at a time:
 * a newer absorption replaces it, age drops it, a reversal through its price confirms it.
 */
export class TrappedTraders {
  readonly #config: OrderFlowConfig['trap']
  readonly #minLots: number
  #pending: PendingTrap | null = null

  constructor(config: OrderFlowConfig['trap'], minLots: number) {
    this.#config = config
    this.#minLots = minLots
  }

  get pending(): Readonly<PendingTrap> | null {
    return this.#pending
  }

  /** Absorption held at grid point `at` with price at `priceTicks`. */
  onAbsorption(side: Side, lots: number, priceTicks: number, at: number): void {
    if (lots < this.#minLots) return
    if (this.#pending === null) this.#pending = { side, lots, priceTicks, at }
    else {
      this.#pending.side = side
      this.#pending.lots = lots
      this.#pending.priceTicks = priceTicks
      this.#pending.at = at
    }
  }

  /** Looks at the pending trap with price at `priceTicks`; a confirmed one is returned once. */
  check(priceTicks: number, at: number): Trap | null {
    const pending = this.#pending
    if (pending === null) return null
    if (at - pending.at > this.#config.max_age_ms) {
      this.#pending = null
      return null
    }
    const move = (priceTicks - pending.priceTicks) / pending.priceTicks
    const reversal = pending.side === 'SELL' ? move : -move
    if (!(reversal > this.#config.reversal_fraction)) return null
    this.#pending = null
    return {
      at,
      trappedSide: pending.side,
      trapTicks: pending.priceTicks,
      priceTicks,
      absorptionLots: pending.lots,
      estimatedStopsLots: pending.lots * this.#config.stops_fraction,
      confidence: Math.min(1, pending.lots / (this.#minLots * 2)),
    }
  }

  snapshot(): Json {
    return this.#pending === null ? null : { ...this.#pending }
  }

  restore(json: Json): void {
    this.#pending = json === null ? null : { ...(json as PendingTrap) }
  }
}
