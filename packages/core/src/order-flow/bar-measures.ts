import type { BarClosed, BarShape, OrderFlowConfig } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { Swings, VolatilityRank, WilderAtr } from '../indicators/index.ts'
import { CvdDivergence, type Divergence, type DivergenceName } from './cvd-divergence.ts'

const BARS_15S = 3
const BARS_15M = 5
const MINUTE_MS = 60_000

/** The parts of a closed bar that measures look at. */
export type MeasuredBar = Pick<
  BarClosed,
  | 'timeframe'
  | 'open_time'
  | 'open_ticks'
  | 'high_ticks'
  | 'low_ticks'
  | 'close_ticks'
  | 'volume_lots'
  | 'delta_lots'
>

type Saved = {
  bars15s: BarShape[]
  bars15m: BarShape[]
  atr15s: Json
  atr15m: Json
  swings15s: Json
  swings15m: Json
  volatility: Json
  divergence: Json
  minute: { at: number; divergence: DivergenceName | null }
}

const shapeOf = (bar: MeasuredBar): BarShape => ({
  open_time: bar.open_time,
  open_ticks: bar.open_ticks,
  high_ticks: bar.high_ticks,
  low_ticks: bar.low_ticks,
  close_ticks: bar.close_ticks,
  volume_lots: bar.volume_lots,
  delta_lots: bar.delta_lots,
})

const keep = (bars: BarShape[], bar: MeasuredBar, most: number): void => {
  bars.push(shapeOf(bar))
  if (bars.length > most) bars.shift()
}

/** Everything that is computed from closed bars: ATR and swings of 15 s and 15 m, volatility, divergence. In ticks. */
export class BarMeasures {
  readonly atr15s: WilderAtr
  readonly atr15m: WilderAtr
  readonly swings15s: Swings
  readonly swings15m: Swings
  readonly volatility: VolatilityRank
  readonly #divergence: CvdDivergence
  #bars15s: BarShape[] = []
  #bars15m: BarShape[] = []
  #minute: Saved['minute'] = { at: 0, divergence: null }

  constructor(config: OrderFlowConfig) {
    this.atr15s = new WilderAtr(config.atr_period)
    this.atr15m = new WilderAtr(config.atr_period)
    this.swings15s = new Swings(config.swing_side_bars)
    this.swings15m = new Swings(config.swing_side_bars)
    this.volatility = new VolatilityRank(config.volatility_bars)
    this.#divergence = new CvdDivergence(config.divergence)
  }

  /** The last closed 15 s bars, at most three, oldest first. */
  get bars15s(): readonly BarShape[] {
    return this.#bars15s
  }

  /** The last closed 15 m bars, at most five, oldest first. */
  get bars15m(): readonly BarShape[] {
    return this.#bars15m
  }

  on15s(bar: MeasuredBar): void {
    keep(this.#bars15s, bar, BARS_15S)
    this.atr15s.update(bar.high_ticks, bar.low_ticks, bar.close_ticks)
    this.swings15s.update(bar.high_ticks, bar.low_ticks)
  }

  on15m(bar: MeasuredBar): void {
    keep(this.#bars15m, bar, BARS_15M)
    const atr = this.atr15m.update(bar.high_ticks, bar.low_ticks, bar.close_ticks)
    this.volatility.update(atr, bar.close_ticks)
    this.swings15m.update(bar.high_ticks, bar.low_ticks)
  }

  onMinute(bar: MeasuredBar): Divergence | null {
    const found = this.#divergence.update(bar.close_ticks, bar.delta_lots, this.atr15m.value)
    this.#minute = { at: bar.open_time + MINUTE_MS, divergence: found?.divergence ?? null }
    return found
  }

  /** What the last minute that closed at or before `at` said; a minute without a bar said nothing. */
  divergenceAt(at: number): DivergenceName | null {
    return this.#minute.at === at - (at % MINUTE_MS) ? this.#minute.divergence : null
  }

  /** A session begins. */
  resetSession(): void {
    this.#divergence.reset()
  }

  snapshot(): Json {
    return {
      bars15s: this.#bars15s.map((bar) => ({ ...bar })),
      bars15m: this.#bars15m.map((bar) => ({ ...bar })),
      atr15s: this.atr15s.snapshot(),
      atr15m: this.atr15m.snapshot(),
      swings15s: this.swings15s.snapshot(),
      swings15m: this.swings15m.snapshot(),
      volatility: this.volatility.snapshot(),
      divergence: this.#divergence.snapshot(),
      minute: { ...this.#minute },
    }
  }

  restore(json: Json): void {
    const saved = json as unknown as Saved
    this.#bars15s = saved.bars15s.map((bar) => ({ ...bar }))
    this.#bars15m = saved.bars15m.map((bar) => ({ ...bar }))
    this.atr15s.restore(saved.atr15s)
    this.atr15m.restore(saved.atr15m)
    this.swings15s.restore(saved.swings15s)
    this.swings15m.restore(saved.swings15m)
    this.volatility.restore(saved.volatility)
    this.#divergence.restore(saved.divergence)
    this.#minute = { ...saved.minute }
  }
}
