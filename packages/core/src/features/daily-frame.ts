import type { Json } from '../decider.ts'
import { WilderAtr } from '../indicators/index.ts'
import type { FeatureBar } from './feature-bar.ts'
import { ratio, spanOf } from './window-measures.ts'

const DAY_MS = 86_400_000
const DAYS_KEPT = 5

type Day = { day: number; open: number; high: number; low: number; close: number }
type OpenDay = Day & {
  /** Watched from its first instant: a day that was joined half way is never taken for a full one. */
  whole: boolean
  volume: number
  /** Sum of volume x typical price. */
  turnover: number
}
type State = { current: OpenDay | null; days: Day[] }

/**
 * UTC days, made of the bars of a shorter timeframe. A day is full once a bar closes at or past its end;
 * only full days are looked at, and only while they are the days just before the bar at hand.
 */
export class DailyFrame {
  #state: State = { current: null, days: [] }
  readonly #atr = new WilderAtr(14)

  /** Adds a closed bar. */
  update(bar: FeatureBar): void {
    const day = Math.floor(bar.openTime / DAY_MS)
    const before = this.#state.current
    if (before !== null && before.day !== day) this.#close(before)
    const open = before !== null && before.day === day ? before : startDay(bar, before !== null)
    open.high = Math.max(open.high, bar.high)
    open.low = Math.min(open.low, bar.low)
    open.close = bar.close
    open.volume += bar.volume
    open.turnover += bar.volume * ((bar.high + bar.low + bar.close) / 3)
    this.#state.current = open
    if (bar.closeTime % DAY_MS === 0) this.#close(open)
  }

  #close(day: OpenDay): void {
    const { days } = this.#state
    if (!day.whole || days.at(-1)?.day === day.day) return
    const { day: number, open, high, low, close } = day
    days.push({ day: number, open, high, low, close })
    if (days.length > DAYS_KEPT) days.shift()
    this.#atr.update(high, low, close)
  }

  /** Volume-weighted typical price of the day so far; null without volume or without the day's start. */
  get vwap(): number | null {
    const { current } = this.#state
    if (current === null || !current.whole) return null
    return ratio(current.turnover, current.volume)
  }

  /** The htf_* fields after the bar that closed at `at` with `close`. */
  fields(at: number, close: number): Record<string, number | null> {
    const today = Math.floor(at / DAY_MS)
    const last = this.#fullDay(today - 1)
    const before = this.#fullDay(today - 2)
    const five = this.#fiveDays(today)
    const mid = last === null ? null : (last.high + last.low) / 2
    const half = last === null ? null : (last.high - last.low) / 2
    const fiveMid = five === null ? null : (five.high + five.low) / 2
    const fiveHalf = five === null ? null : (five.high - five.low) / 2
    return {
      htf_daily_open: last?.open ?? null,
      htf_daily_high: last?.high ?? null,
      htf_daily_low: last?.low ?? null,
      htf_daily_close: last?.close ?? null,
      htf_daily_mid: mid,
      htf_daily_range_pct: last === null ? null : ratio(100 * (last.high - last.low), last.close),
      htf_daily_atr_14: last === null ? null : this.#atr.value,
      htf_prev_daily_high: before?.high ?? null,
      htf_prev_daily_low: before?.low ?? null,
      htf_five_day_high: five?.high ?? null,
      htf_five_day_low: five?.low ?? null,
      htf_price_vs_daily_mid: mid === null ? null : ratio(close - mid, half),
      htf_price_vs_five_day_mid: fiveMid === null ? null : ratio(close - fiveMid, fiveHalf),
    }
  }

  #fullDay(day: number): Day | null {
    return this.#state.days.find((each) => each.day === day) ?? null
  }

  #fiveDays(today: number): { high: number; low: number } | null {
    const { days } = this.#state
    const unbroken = days.length === DAYS_KEPT && days[0]!.day === today - DAYS_KEPT
    return unbroken && days.at(-1)!.day === today - 1 ? spanOf(days) : null
  }

  snapshot(): Json {
    const { current, days } = this.#state
    return {
      current: current === null ? null : { ...current },
      days: [...days],
      atr: this.#atr.snapshot(),
    }
  }

  restore(json: Json): void {
    const { atr, current, days } = json as State & { atr: Json }
    this.#state = {
      current: current === null ? null : { ...current },
      days: [...days],
    }
    this.#atr.restore(atr)
  }
}

const startDay = (bar: FeatureBar, watchedBefore: boolean): OpenDay => ({
  day: Math.floor(bar.openTime / DAY_MS),
  open: bar.open,
  high: bar.high,
  low: bar.low,
  close: bar.close,
  whole: watchedBefore || bar.openTime % DAY_MS === 0,
  volume: 0,
  turnover: 0,
})
