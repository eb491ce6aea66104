import { klineSpanOf } from './kline-interval.ts'
import type { PublicTrade } from './public-news.ts'

/** A candle, open or closed. Quote amounts in ticks times lots. */
export type Kline = {
  readonly openTime: number
  /** Last millisecond that belongs to it. */
  readonly closeTime: number
  openTicks: number
  highTicks: number
  lowTicks: number
  closeTicks: number
  lots: number
  takerBuyLots: number
  tickLots: bigint
  takerBuyTickLots: bigint
  trades: number
  /** -1 while it has none. */
  firstTradeId: number
  lastTradeId: number
}

/** As many as the venue gives in one answer. */
export const KLINES_KEPT = 1500

/** Candles of one interval. A stretch without trades has flat ones at the last price, as the venue's have. */
export class KlineSeries {
  readonly interval: string
  #klines: Kline[] = []

  constructor(interval: string) {
    this.interval = interval
  }

  /** The one that is open; null before the first trade. */
  get current(): Kline | null {
    return this.#klines.at(-1) ?? null
  }

  /** Oldest first, the open one last. */
  get all(): readonly Kline[] {
    return this.#klines
  }

  /** Time passes: what ended by then is closed and returned, at most as many as are kept. */
  advanceTo(time: number): readonly Kline[] {
    const closed: Kline[] = []
    for (let last = this.current; last !== null && time > last.closeTime; last = this.current) {
      closed.push(last)
      const at = Math.max(last.closeTime + 1, this.#earliestKept(time))
      this.#open(at, last.closeTicks)
    }
    return closed
  }

  /** A trade of a time that `advanceTo` has reached; an earlier one counts into the open candle. */
  push({ id, priceTicks, lots, time, buyerIsMaker }: PublicTrade, tickLots: bigint): void {
    if (this.current === null) this.#open(time, priceTicks)
    const kline = this.current!
    if (kline.trades === 0) {
      kline.openTicks = priceTicks
      kline.highTicks = priceTicks
      kline.lowTicks = priceTicks
      kline.firstTradeId = id
    }
    kline.highTicks = Math.max(kline.highTicks, priceTicks)
    kline.lowTicks = Math.min(kline.lowTicks, priceTicks)
    kline.closeTicks = priceTicks
    kline.lots += lots
    kline.tickLots += tickLots
    kline.trades++
    kline.lastTradeId = id
    if (buyerIsMaker) return
    kline.takerBuyLots += lots
    kline.takerBuyTickLots += tickLots
  }

  /** A clock that jumps far leaves a hole instead of candles that nobody could ask for. */
  #earliestKept(time: number): number {
    const { openTime, nextOpenTime } = klineSpanOf(this.interval, time)
    return openTime - KLINES_KEPT * (nextOpenTime - openTime)
  }

  #open(time: number, ticks: number): void {
    const { openTime, nextOpenTime } = klineSpanOf(this.interval, time)
    this.#klines.push({
      openTime,
      closeTime: nextOpenTime - 1,
      openTicks: ticks,
      highTicks: ticks,
      lowTicks: ticks,
      closeTicks: ticks,
      lots: 0,
      takerBuyLots: 0,
      tickLots: 0n,
      takerBuyTickLots: 0n,
      trades: 0,
      firstTradeId: -1,
      lastTradeId: -1,
    })
    if (this.#klines.length > 2 * KLINES_KEPT) this.#klines = this.#klines.slice(-KLINES_KEPT)
  }
}
