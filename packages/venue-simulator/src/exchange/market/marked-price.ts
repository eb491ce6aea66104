import type { Dec } from '@tapedeck/core'
import type { InstrumentRules } from '../orders/instrument-rules.ts'

/** Bounds around a mark, in whole ticks that are not beyond them. */
type Bounds = {
  /** PERCENT_PRICE: how far limits may be from it. */
  readonly up: number
  readonly down: number
  /** How far market orders go: that, and `marketTakeBound`; the nearer one. */
  readonly takeUp: number
  readonly takeDown: number
}

/** A mark price and what is reckoned with it again and again. Immutable. */
export class MarkedPrice {
  readonly price: Dec
  /** Of one lot, in the quote asset. */
  readonly perLot: Dec
  readonly #rules: InstrumentRules
  #bounds: Bounds | null = null
  #ticksUp: number | null = null

  constructor(rules: InstrumentRules, price: Dec) {
    this.#rules = rules
    this.price = price
    this.perLot = price.times(rules.lotSize)
  }

  get bounds(): Bounds {
    this.#bounds ??= this.#makeBounds()
    return this.#bounds
  }

  /** In ticks, not below it. */
  get ticksUp(): number {
    this.#ticksUp ??= this.price.div(this.#rules.tickSize).ceil().toNumber()
    return this.#ticksUp
  }

  #makeBounds(): Bounds {
    const { multiplierUp, multiplierDown, marketTakeBound, tickSize } = this.#rules
    const ticks = (multiplier: Dec): Dec => this.price.times(multiplier).div(tickSize)
    const up = ticks(multiplierUp).floor().toNumber()
    const down = ticks(multiplierDown).ceil().toNumber()
    const nearUp = ticks(marketTakeBound.plus(1)).floor().toNumber()
    const nearDown = ticks(marketTakeBound.neg().plus(1)).ceil().toNumber()
    return {
      up,
      down,
      takeUp: Math.min(up, nearUp),
      takeDown: Math.max(1, down, nearDown),
    }
  }
}
