import type { Json } from '../decider.ts'

type Bar = { high: number; low: number; close: number }
type Saved = {
  moves: number
  range: number
  up: number
  down: number
  indexes: number
  indexSum: number
  adx: number | null
  before: Bar | null
}

/**
 * Directional movement after Wilder: +DI and -DI of smoothed sums, and ADX, the smoothed index of their
 * difference, all 0-100. ADX is seeded with the mean of the first `period` indexes.
 */
export class DirectionalMovement {
  readonly #period: number
  #state: Saved = {
    moves: 0,
    range: 0,
    up: 0,
    down: 0,
    indexes: 0,
    indexSum: 0,
    adx: null,
    before: null,
  }

  constructor(period: number) {
    this.#period = period
  }

  get adx(): number | null {
    return this.#state.adx
  }

  /** +DI; null until `period` moves were seen, or where nothing moved at all. */
  get plus(): number | null {
    return this.#share(this.#state.up)
  }

  get minus(): number | null {
    return this.#share(this.#state.down)
  }

  /** Adds a closed bar. */
  update(high: number, low: number, close: number): void {
    const state = this.#state
    const { before } = state
    state.before = { high, low, close }
    if (before === null) return
    const rise = high - before.high
    const fall = before.low - low
    const range = Math.max(high - low, Math.abs(high - before.close), Math.abs(low - before.close))
    this.#smooth(range, rise > fall && rise > 0 ? rise : 0, fall > rise && fall > 0 ? fall : 0)
    if (state.moves >= this.#period) this.#addIndex()
  }

  #smooth(range: number, up: number, down: number): void {
    const state = this.#state
    if (state.moves < this.#period) {
      state.range += range
      state.up += up
      state.down += down
      state.moves++
      return
    }
    state.range = state.range - state.range / this.#period + range
    state.up = state.up - state.up / this.#period + up
    state.down = state.down - state.down / this.#period + down
  }

  #addIndex(): void {
    const state = this.#state
    const { plus, minus } = this
    if (plus === null || minus === null) return
    const index = plus === minus ? 0 : (100 * Math.abs(plus - minus)) / (plus + minus)
    if (state.adx !== null) {
      state.adx = (state.adx * (this.#period - 1) + index) / this.#period
      return
    }
    state.indexSum += index
    state.indexes++
    if (state.indexes === this.#period) state.adx = state.indexSum / this.#period
  }

  #share(moved: number): number | null {
    const { moves, range } = this.#state
    return moves < this.#period || range === 0 ? null : (100 * moved) / range
  }

  snapshot(): Json {
    const { before, ...rest } = this.#state
    return { ...rest, before: before === null ? null : { ...before } }
  }

  restore(json: Json): void {
    const { before, ...rest } = json as Saved
    this.#state = { ...rest, before: before === null ? null : { ...before } }
  }
}
