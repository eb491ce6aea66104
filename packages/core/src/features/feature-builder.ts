import type { Json } from '../decider.ts'
import { BarWindow, type WindowBar } from './bar-window.ts'
import { candleFields } from './candle-shape.ts'
import { DailyFrame } from './daily-frame.ts'
import type { FeatureBar } from './feature-bar.ts'
import { freezeSnapshot, type FeatureSnapshot } from './feature-snapshot.ts'
import { LONG_CHANNEL, channelsOf, ratioFields } from './range-ratios.ts'
import { TrendMeasures } from './trend-measures.ts'
import { deviationOf, meanOf, ratio, spanOf } from './window-measures.ts'

type Fields = Record<string, number | boolean | string | null>

const change = (bar: WindowBar, before: WindowBar | null): number | null =>
  before === null || before.close === 0 ? null : 100 * (bar.close / before.close - 1)

/** Bollinger bands of 20 closes, two population deviations wide. */
const bandFields = (window: BarWindow): Fields => {
  const twenty = window.last(20)
  const fifty = window.last(50)
  const mean = twenty === null ? null : meanOf(twenty, ({ close }) => close)
  const deviation = twenty === null || mean === null ? null : deviationOf(twenty, mean)
  const upper = mean === null || deviation === null ? null : mean + 2 * deviation
  const lower = mean === null || deviation === null ? null : mean - 2 * deviation
  const known = upper !== null && lower !== null
  return {
    sma_20: mean,
    sma_50: fifty === null ? null : meanOf(fifty, ({ close }) => close),
    stdev_20: deviation,
    bollinger_upper: upper,
    bollinger_lower: lower,
    bollinger_width: known ? ratio(upper - lower, mean) : null,
    bollinger_percent_b: known ? ratio(window.at(0)!.close - lower, upper - lower) : null,
  }
}

/** Choppiness: how far 14 bars walked against how far they came, with gaps counted in. */
const choppiness = (window: BarWindow): number | null => {
  const bars = window.last(14)
  const first = window.at(14)
  if (bars === null || first === null) return null
  let walked = 0
  let before = first.close
  const reach = bars.map(({ high, low, close, trueRange }) => {
    const span = { high: Math.max(high, before), low: Math.min(low, before) }
    walked += trueRange!
    before = close
    return span
  })
  const { high, low } = spanOf(reach)
  return high === low ? null : (100 * Math.log10(walked / (high - low))) / Math.log10(14)
}

const priceFields = (bar: WindowBar, window: BarWindow): Fields => {
  const { short, long } = channelsOf(window)
  const usual = window.last(20, 1)
  const usualVolume = usual === null ? null : meanOf(usual, ({ volume }) => volume)
  return {
    open: bar.open,
    high: bar.high,
    low: bar.low,
    close: bar.close,
    volume: bar.volume,
    return_1_pct: change(bar, window.at(1)),
    return_5_pct: change(bar, window.at(5)),
    choppiness_14: choppiness(window),
    donchian_upper_short: short?.high ?? null,
    donchian_lower_short: short?.low ?? null,
    donchian_upper_long: long?.high ?? null,
    donchian_lower_long: long?.low ?? null,
    volume_mean_20: usualVolume,
    relative_volume: ratio(bar.volume, usualVolume),
  }
}

/**
 * Everything that can be said of one instrument in one timeframe at the close of a bar. One closed bar at a
 * time, in order; nothing looks ahead; what is not known yet is null.
 */
export class FeatureBuilder {
  readonly #window = new BarWindow(LONG_CHANNEL + 1)
  readonly #trend = new TrendMeasures()
  readonly #daily = new DailyFrame()

  constructor(snapshot?: Json) {
    if (snapshot === undefined) return
    const saved = snapshot as { window: Json; trend: Json; daily: Json }
    this.#window.restore(saved.window)
    this.#trend.restore(saved.trend)
    this.#daily.restore(saved.daily)
  }

  /** Adds a closed bar and returns the snapshot at its close. */
  update(bar: FeatureBar): FeatureSnapshot {
    return freezeSnapshot(this.advance(bar))
  }

  /** The same without freezing, which most bars are not worth: `freezeSnapshot` of it is the snapshot. */
  advance(bar: FeatureBar): FeatureSnapshot {
    this.#trend.update(bar)
    const { open, high, low, close, volume } = bar
    const kept = { open, high, low, close, volume, trueRange: this.#trend.trueRange }
    this.#window.push(kept)
    this.#daily.update(bar)
    const vwap = this.#daily.vwap
    return {
      ...priceFields(kept, this.#window),
      ...this.#trend.fields(close),
      ...bandFields(this.#window),
      vwap,
      vwap_distance_pct: vwap === null ? null : 100 * (close / vwap - 1),
      ...ratioFields(this.#window, this.#trend.atr),
      ...candleFields(this.#window, this.#trend.atrBefore),
      ...this.#daily.fields(bar.closeTime, close),
    }
  }

  snapshot(): Json {
    return {
      window: this.#window.snapshot(),
      trend: this.#trend.snapshot(),
      daily: this.#daily.snapshot(),
    }
  }
}
