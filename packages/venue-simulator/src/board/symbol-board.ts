import { OrderBook, type InstrumentGrid } from '@tapedeck/core'
import { AggTrades, type AggTrade } from './agg-trades.ts'
import { KLINE_INTERVALS } from './kline-interval.ts'
import { KlineSeries, type Kline } from './kline-series.ts'
import type {
  PublicDepth,
  PublicLiquidation,
  PublicMark,
  PublicNews,
  PublicTrade,
} from './public-news.ts'

/** Told as it happens, e.g. to streams. */
export interface BoardListener {
  readonly onTrade: (trade: PublicTrade) => void
  readonly onAggTrade: (trade: AggTrade) => void
  readonly onDepth: (depth: PublicDepth) => void
  readonly onMark: (mark: PublicMark) => void
  readonly onLiquidation: (liquidation: PublicLiquidation) => void
  /** The candle is over and will not change. */
  readonly onKlineClosed: (interval: string, kline: Kline) => void
}

const TRADES_KEPT = 20_000
const DAY_MINUTES = 1440

/** The last 24 hours, to the minute. */
export type DayTicker = {
  readonly openTime: number
  readonly closeTime: number
  readonly openTicks: number
  readonly highTicks: number
  readonly lowTicks: number
  readonly lastTicks: number
  readonly lastLots: number
  readonly lots: number
  readonly tickLots: bigint
  readonly firstTradeId: number
  readonly lastTradeId: number
  readonly trades: number
}

/**
 * What the public knows of one symbol: the one place from which REST answers and streams tell, so that
 * their ids, candles and books agree.
 */
export class SymbolBoard {
  readonly grid: InstrumentGrid
  readonly #aggTrades = new AggTrades(1)
  readonly #series = new Map(KLINE_INTERVALS.map((name) => [name, new KlineSeries(name)]))
  #book = new OrderBook()
  #lastUpdateId = 0
  #bookTime = 0
  #mark: PublicMark | null = null
  #trades: PublicTrade[] = []
  #klinesEnd = 0
  #listener: BoardListener | null = null

  constructor(grid: InstrumentGrid) {
    this.grid = grid
  }

  listen(listener: BoardListener): void {
    this.#listener = listener
  }

  /** Id of the last change of the book; 0 before the first. */
  get lastUpdateId(): number {
    return this.#lastUpdateId
  }

  /** Time of the last change of the book. */
  get bookTime(): number {
    return this.#bookTime
  }

  get mark(): PublicMark | null {
    return this.#mark
  }

  get lastTrade(): PublicTrade | null {
    return this.#trades.at(-1) ?? null
  }

  /** Oldest first. */
  get trades(): readonly PublicTrade[] {
    return this.#trades
  }

  get aggTrades(): Pick<AggTrades, 'from' | 'between' | 'last'> {
    return this.#aggTrades
  }

  get book(): Pick<OrderBook, 'levels' | 'bestBid' | 'bestAsk' | 'lotsAt'> {
    return this.#book
  }

  /** Candles of an interval, oldest first, the open one last; null for an interval that does not exist. */
  klines(interval: string): readonly Kline[] | null {
    return this.#series.get(interval)?.all ?? null
  }

  /** Takes one thing that happened. News of one symbol come in the order of their times. */
  push(news: PublicNews): void {
    this.advanceTo(news.time)
    if (news.kind === 'trade') this.#pushTrade(news)
    else if (news.kind === 'depth') this.#pushDepth(news)
    else if (news.kind === 'mark') {
      this.#mark = news
      this.#listener?.onMark(news)
    } else this.#listener?.onLiquidation(news)
  }

  /** When something happens by the mere passing of time; null when nothing is due. */
  get due(): number | null {
    const pending = this.#aggTrades.due
    if (this.#klinesEnd === 0) return pending
    return pending === null ? this.#klinesEnd : Math.min(pending, this.#klinesEnd)
  }

  /** Time passes: aggregates and candles that are over are told. */
  advanceTo(time: number): void {
    this.#tellAgg(this.#aggTrades.advanceTo(time))
    if (this.#klinesEnd === 0 || time < this.#klinesEnd) return
    for (const [interval, series] of this.#series)
      for (const closed of series.advanceTo(time)) this.#listener?.onKlineClosed(interval, closed)
    this.#klinesEnd = this.#series.get('1m')!.current!.closeTime + 1
  }

  #pushTrade(trade: PublicTrade): void {
    this.#trades.push(trade)
    if (this.#trades.length > 2 * TRADES_KEPT) this.#trades = this.#trades.slice(-TRADES_KEPT)
    this.#listener?.onTrade(trade)
    this.#tellAgg(this.#aggTrades.push(trade))
    if (trade.outside) return
    const tickLots = BigInt(trade.priceTicks) * BigInt(trade.lots)
    for (const series of this.#series.values()) series.push(trade, tickLots)
    if (this.#klinesEnd === 0) this.#klinesEnd = this.#series.get('1m')!.current!.closeTime + 1
  }

  #tellAgg(ended: AggTrade | null): void {
    if (ended !== null) this.#listener?.onAggTrade(ended)
  }

  #pushDepth(depth: PublicDepth): void {
    this.#book.applyDelta(
      depth.bids.map(([ticks]) => ticks),
      depth.bids.map(([, lots]) => lots),
      depth.asks.map(([ticks]) => ticks),
      depth.asks.map(([, lots]) => lots),
    )
    this.#lastUpdateId = depth.lastId
    this.#bookTime = depth.time
    this.#listener?.onDepth(depth)
  }

  /** Null before the first trade. */
  dayTicker(time: number): DayTicker | null {
    const minutes = this.#series.get('1m')!.all.slice(-DAY_MINUTES)
    const [first] = minutes
    const last = this.#trades.findLast(({ outside }) => !outside)
    if (first === undefined || last === undefined) return null
    const traded = minutes.filter(({ trades }) => trades > 0)
    return {
      openTime: first.openTime,
      closeTime: time,
      openTicks: first.openTicks,
      highTicks: Math.max(...minutes.map(({ highTicks }) => highTicks)),
      lowTicks: Math.min(...minutes.map(({ lowTicks }) => lowTicks)),
      lastTicks: last.priceTicks,
      lastLots: last.lots,
      lots: traded.reduce((sum, { lots }) => sum + lots, 0),
      tickLots: traded.reduce((sum, { tickLots }) => sum + tickLots, 0n),
      firstTradeId: traded[0]?.firstTradeId ?? -1,
      lastTradeId: traded.at(-1)?.lastTradeId ?? -1,
      trades: traded.reduce((sum, { trades }) => sum + trades, 0),
    }
  }
}
