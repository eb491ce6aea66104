/**
 * What the public knows of a symbol: book, prints, aggregates, candles, mark. REST answers from it and
 * streams tell from it, so that an id or a candle means the same on both.
 *
 * Entry points: `SymbolBoard` (fed with `PublicNews`). Invariants: pure; aggregates are runs of prints of
 * one price and side within 100 ms; candles without a trade are flat at the last price.
 */
export type {
  PublicDepth,
  PublicLiquidation,
  PublicMark,
  PublicNews,
  PublicTrade,
} from './public-news.ts'
export { SymbolBoard, type BoardListener, type DayTicker } from './symbol-board.ts'
export { AGGREGATION_MS, type AggTrade } from './agg-trades.ts'
export { KLINE_INTERVALS } from './kline-interval.ts'
export type { Kline } from './kline-series.ts'
