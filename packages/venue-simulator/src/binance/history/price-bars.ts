import { intervalSpan, type KlineInterval } from '../../exchange/index.ts'

const MINUTE = 60_000
/** Eight days of minutes. */
const KEPT_MAX = 11_520

/** A stretch of told prices, as they were told. */
export type PriceCandle = {
  readonly openTime: number
  /** Last millisecond of it. */
  readonly closeTime: number
  readonly open: string
  readonly high: string
  readonly low: string
  readonly close: string
  /** How often a price was told. */
  readonly count: number
}

type Bar = {
  readonly openTime: number
  readonly open: string
  high: string
  low: string
  close: string
  count: number
}

export type SavedPriceBar = readonly [
  openTime: number,
  open: string,
  high: string,
  low: string,
  close: string,
  count: number,
]

export type CandleQuery = {
  readonly interval: KlineInterval
  /** Open times, both inclusive. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly limit: number
  readonly now: number
}

const higher = (one: string, other: string): string => (Number(other) > Number(one) ? other : one)
const lower = (one: string, other: string): string => (Number(other) < Number(one) ? other : one)

/** Prices that are told now and then, by the minute: what every longer candle is made of. */
export class PriceBars {
  readonly #bars: Bar[] = []

  /** Oldest first, as rows: there are thousands of them. */
  snapshot(): readonly SavedPriceBar[] {
    return this.#bars.map(({ openTime, open, high, low, close, count }) => [
      openTime,
      open,
      high,
      low,
      close,
      count,
    ])
  }

  static restore(rows: readonly SavedPriceBar[]): PriceBars {
    const bars = new PriceBars()
    for (const [openTime, open, high, low, close, count] of rows)
      bars.#bars.push({ openTime, open, high, low, close, count })
    return bars
  }

  /** A price that is told late belongs to the minute that is open. */
  add(price: string, time: number): void {
    const openTime = time - (time % MINUTE)
    const last = this.#bars.at(-1)
    if (last === undefined || last.openTime < openTime) {
      this.#bars.push({ openTime, open: price, high: price, low: price, close: price, count: 1 })
      if (this.#bars.length > KEPT_MAX + 60) this.#bars.splice(0, 60)
      return
    }
    last.high = higher(last.high, price)
    last.low = lower(last.low, price)
    last.close = price
    last.count++
  }

  /**
   * Every interval from the first price on, the last one still open, oldest first: the first `limit` from
   * `from` on, else the latest `limit`.
   */
  candles({ interval, from, to = Infinity, limit, now }: CandleQuery): readonly PriceCandle[] {
    const [first] = this.#bars
    if (first === undefined) return []
    const end = Math.min(to, now)
    const begin = from ?? beginOf(interval, limit, end)
    let [open, next] = intervalSpan(interval, Math.max(begin, first.openTime))
    if (open < begin) [open, next] = intervalSpan(interval, next)
    let at = this.#position(open)
    let close = this.#bars[at - 1]?.close ?? first.open
    const candles: PriceCandle[] = []
    while (open <= end && candles.length < limit) {
      const start = at
      while (at < this.#bars.length && this.#bars[at]!.openTime < next) at++
      const candle = candleOf(open, next, this.#bars.slice(start, at), close)
      close = candle.close
      candles.push(candle)
      ;[open, next] = intervalSpan(interval, next)
    }
    return candles
  }

  /** Of the first minute that opens at or after `time`. */
  #position(time: number): number {
    const found = this.#bars.findIndex(({ openTime }) => openTime >= time)
    return found < 0 ? this.#bars.length : found
  }
}

/** When the first of `limit` intervals opens, the last of which holds `end`. */
const beginOf = (interval: KlineInterval, limit: number, end: number): number => {
  let [open] = intervalSpan(interval, end)
  for (let i = 1; i < limit; i++) [open] = intervalSpan(interval, open - 1)
  return open
}

const candleOf = (
  open: number,
  next: number,
  bars: readonly Bar[],
  before: string,
): PriceCandle => ({
  openTime: open,
  closeTime: next - 1,
  open: bars[0]?.open ?? before,
  high: bars.reduce((high, bar) => higher(high, bar.high), bars[0]?.high ?? before),
  low: bars.reduce((low, bar) => lower(low, bar.low), bars[0]?.low ?? before),
  close: bars.at(-1)?.close ?? before,
  count: bars.reduce((count, bar) => count + bar.count, 0),
})
