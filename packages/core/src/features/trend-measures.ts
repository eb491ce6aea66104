import type { Json } from '../decider.ts'
import {
  DirectionalMovement,
  ExponentialMean,
  VolatilityRank,
  WilderAtr,
  WilderRsi,
} from '../indicators/index.ts'
import type { FeatureBar } from './feature-bar.ts'

const VOLATILITY_BARS = 96

/** The indicators that remember more than a window: smoothed means, each one closed bar at a time. */
export class TrendMeasures {
  readonly #parts = {
    fast: new ExponentialMean(12),
    slow: new ExponentialMean(26),
    signal: new ExponentialMean(9),
    ema20: new ExponentialMean(20),
    ema50: new ExponentialMean(50),
    rsi: new WilderRsi(14),
    atr: new WilderAtr(14),
    movement: new DirectionalMovement(14),
    volatility: new VolatilityRank(VOLATILITY_BARS),
  }
  #atrBefore: number | null = null

  /** ATR(14) of the last bar, and of the one before. */
  get atr(): number | null {
    return this.#parts.atr.value
  }

  get atrBefore(): number | null {
    return this.#atrBefore
  }

  /** True range of the last bar; null for the first of all. */
  get trueRange(): number | null {
    return this.#parts.atr.trueRange
  }

  update({ high, low, close }: FeatureBar): void {
    const parts = this.#parts
    this.#atrBefore = parts.atr.value
    parts.fast.update(close)
    parts.slow.update(close)
    const macd = this.#macd()
    if (macd !== null) parts.signal.update(macd)
    parts.ema20.update(close)
    parts.ema50.update(close)
    parts.rsi.update(close)
    parts.atr.update(high, low, close)
    parts.movement.update(high, low, close)
    parts.volatility.update(parts.atr.value, close)
  }

  #macd(): number | null {
    const { fast, slow } = this.#parts
    return fast.value === null || slow.value === null ? null : fast.value - slow.value
  }

  fields(close: number): Record<string, number | string | null> {
    const { signal, ema20, ema50, rsi, atr, movement, volatility } = this.#parts
    const macd = this.#macd()
    return {
      ema_20: ema20.value,
      ema_50: ema50.value,
      rsi_14: rsi.value,
      atr_14: atr.value,
      atr_pct: atr.value === null || close === 0 ? null : (100 * atr.value) / close,
      macd,
      macd_signal: signal.value,
      macd_histogram: macd === null || signal.value === null ? null : macd - signal.value,
      adx_14: movement.adx,
      plus_di_14: movement.plus,
      minus_di_14: movement.minus,
      vol_rank: volatility.rank,
      vol_state: volatility.state,
    }
  }

  snapshot(): Json {
    const parts = Object.entries(this.#parts).map(([name, part]) => [name, part.snapshot()])
    return { parts: Object.fromEntries(parts) as Json, atrBefore: this.#atrBefore }
  }

  restore(json: Json): void {
    const saved = json as { parts: Record<string, Json>; atrBefore: number | null }
    for (const [name, part] of Object.entries(this.#parts)) part.restore(saved.parts[name]!)
    this.#atrBefore = saved.atrBefore
  }
}
