import type { OrderFlowConfig, Side } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { RollingPercentile, type VolatilityState } from '../indicators/index.ts'
import type { GridCells } from './grid-cells.ts'
import { RollingExtreme } from './rolling-extremes.ts'

export type AbsorptionConfig = OrderFlowConfig['absorption']

/** One grid point at which absorption holds. The detector fills the same object again and again. */
export type AbsorptionReading = {
  at: number
  /** The side whose aggression was absorbed: SELL means a passive buyer stood there. */
  side: Side
  absorbedLots: number
  lowTicks: number
  highTicks: number
  weightedLots: number
  thresholdLots: number
  confidence: number
}

type Saved = {
  tail: number
  next: number
  at: number
  trades: number
  sums: [number, number, number, number]
  history: Json
}

/**
 * Aggression that fails to move price (S3 §5.2), evaluated on grid points.
 *
 * The recency-weighted volumes are carried from one grid point to the next: decayed, the new cells
 * added, the cells that fell out of the window taken away at the weight they had. One evaluation
 * costs what is new, not what the window holds.
 */
export class AbsorptionDetector {
  readonly #config: AbsorptionConfig
  readonly #cells: GridCells
  readonly #fallbackLots: number
  /** Weight by age in grid steps. */
  readonly #decay: Float64Array
  readonly #high: RollingExtreme
  readonly #low: RollingExtreme
  readonly #history: RollingPercentile
  readonly reading: AbsorptionReading = {
    at: 0,
    side: 'BUY',
    absorbedLots: 0,
    lowTicks: 0,
    highTicks: 0,
    weightedLots: 0,
    thresholdLots: 0,
    confidence: 0,
  }
  #tail = 0
  #next = 0
  #at = 0
  #trades = 0
  #buy = 0
  #sell = 0
  #buyWeighted = 0
  #sellWeighted = 0

  /** `lotsPerUnit`: lots in one unit of the base asset, which the configured volumes are in. */
  constructor(config: AbsorptionConfig, cells: GridCells, lotsPerUnit: number) {
    this.#config = config
    this.#cells = cells
    this.#fallbackLots = config.fallback_volume * lotsPerUnit
    this.#decay = Float64Array.from(
      { length: config.window_ms / cells.gridMs + 1 },
      (_, steps) => 0.5 ** ((steps * cells.gridMs) / config.half_life_ms),
    )
    this.#high = new RollingExtreme(cells, 'high')
    this.#low = new RollingExtreme(cells, 'low')
    this.#history = new RollingPercentile(config.history)
  }

  get tail(): number {
    return this.#tail
  }

  /** A print, for the basis that compares with single trades. */
  addTrade(lots: number): void {
    this.#history.add(lots)
  }

  /**
   * Moves the window to the grid point `at`. True when absorption holds there; then `reading` says how.
   * `price`: the last price before the point, in ticks.
   */
  evaluate(at: number, price: number, regime: VolatilityState | null): boolean {
    this.#advance(at)
    if (this.#trades < this.#config.min_trades) return false
    const high = this.#high.value
    const low = this.#low.value
    if (!((high - low) / price < this.#config.price_move_fraction)) return false
    const ratio = this.#imbalanceRatio(regime)
    const sell = this.#sellWeighted
    const buy = this.#buyWeighted
    const side: Side | null = sell > buy * ratio ? 'SELL' : buy > sell * ratio ? 'BUY' : null
    if (side === null) return false
    const weighted = side === 'SELL' ? sell : buy
    const threshold = this.#threshold()
    if (weighted <= threshold) return false
    const { reading } = this
    reading.at = at
    reading.side = side
    reading.absorbedLots = side === 'SELL' ? this.#sell : this.#buy
    reading.lowTicks = low
    reading.highTicks = high
    reading.weightedLots = weighted
    reading.thresholdLots = threshold
    reading.confidence = Math.min(1, weighted / (threshold * 3))
    return true
  }

  /** Once a second: both one-sided volumes enter the history that the next evaluations compare with. */
  sample(): void {
    this.#history.add(this.#buyWeighted)
    this.#history.add(this.#sellWeighted)
  }

  #imbalanceRatio(regime: VolatilityState | null): number {
    if (regime === 'low') return this.#config.ratio_low
    if (regime === 'high' || regime === 'extreme') return this.#config.ratio_high
    return this.#config.ratio_normal
  }

  #threshold(): number {
    if (this.#history.count < this.#config.history_min) return this.#fallbackLots
    return this.#history.at(this.#config.volume_percentile) ?? this.#fallbackLots
  }

  #advance(at: number): void {
    const { gridMs } = this.#cells
    const steps = (at - this.#at) / gridMs
    this.#expire(at - this.#config.window_ms)
    const kept = steps < this.#decay.length ? this.#decay[steps]! : 0
    this.#buyWeighted *= kept
    this.#sellWeighted *= kept
    this.#at = at
    this.#admit(at)
    // A side without a print left is exactly empty, whatever rounding says.
    if (this.#buy === 0) this.#buyWeighted = 0
    if (this.#sell === 0) this.#sellWeighted = 0
  }

  /** Takes away what is older than `oldest`, at the weight it had at the last grid point. */
  #expire(oldest: number): void {
    const cells = this.#cells
    for (; this.#tail < this.#next; this.#tail++) {
      const slot = cells.slot(this.#tail)
      const start = cells.start[slot]!
      if (start >= oldest) break
      const weight = this.#decay[(this.#at - start) / cells.gridMs - 1]!
      this.#trades -= cells.trades[slot]!
      this.#buy -= cells.buy[slot]!
      this.#sell -= cells.sell[slot]!
      this.#buyWeighted -= cells.buyWeighted[slot]! * weight
      this.#sellWeighted -= cells.sellWeighted[slot]! * weight
    }
    this.#high.leave(this.#tail)
    this.#low.leave(this.#tail)
  }

  #admit(at: number): void {
    const cells = this.#cells
    const oldest = at - this.#config.window_ms
    for (; this.#next < cells.head; this.#next++) {
      const slot = cells.slot(this.#next)
      const start = cells.start[slot]!
      if (start < oldest) {
        this.#tail = this.#next + 1
        continue
      }
      const weight = this.#decay[(at - start) / cells.gridMs - 1]!
      this.#trades += cells.trades[slot]!
      this.#buy += cells.buy[slot]!
      this.#sell += cells.sell[slot]!
      this.#buyWeighted += cells.buyWeighted[slot]! * weight
      this.#sellWeighted += cells.sellWeighted[slot]! * weight
      this.#high.enter(this.#next)
      this.#low.enter(this.#next)
    }
  }

  /** Relative to the first cell that the snapshot of the cells holds. */
  snapshot(base: number): Json {
    return {
      tail: this.#tail - base,
      next: this.#next - base,
      at: this.#at,
      trades: this.#trades,
      sums: [this.#buy, this.#sell, this.#buyWeighted, this.#sellWeighted],
      history: this.#history.snapshot(),
    }
  }

  /** The cells must have been restored before. */
  restore(json: Json): void {
    const saved = json as Saved
    this.#tail = saved.tail
    this.#next = saved.next
    this.#at = saved.at
    this.#trades = saved.trades
    ;[this.#buy, this.#sell, this.#buyWeighted, this.#sellWeighted] = saved.sums
    this.#history.restore(saved.history)
    this.#high.clear()
    this.#low.clear()
    for (let sequence = saved.tail; sequence < saved.next; sequence++) {
      this.#high.enter(sequence)
      this.#low.enter(sequence)
    }
  }
}
