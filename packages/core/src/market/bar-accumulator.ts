import type { BarClosed, Timeframe } from '@tapedeck/contracts'
import { TIMEFRAME_MS } from '@tapedeck/contracts'

/**
 * One open bar. Sums are exact integers; `excess` is the sum of (price - open) x lots, so that the
 * volume-weighted price stays exact far beyond the range of price x lots.
 */
export type OpenBar = {
  openTime: number
  open: number
  high: number
  low: number
  close: number
  buy: number
  sell: number
  /** Volume whose side is not known (klines without taker volume). */
  unsided: number
  minDelta: number
  maxDelta: number
  trades: number
  excess: number
  carried: boolean
  tainted: boolean
}

export const openTimeOf = (timeframe: Timeframe, time: number): number => {
  const length = TIMEFRAME_MS[timeframe]
  return time - (time % length)
}

export const startBar = (openTime: number, price: number): OpenBar => ({
  openTime,
  open: price,
  high: price,
  low: price,
  close: price,
  buy: 0,
  sell: 0,
  unsided: 0,
  minDelta: 0,
  maxDelta: 0,
  trades: 0,
  excess: 0,
  carried: false,
  tainted: false,
})

export const addTradeToBar = (bar: OpenBar, price: number, lots: number, maker: 0 | 1): void => {
  if (price > bar.high) bar.high = price
  else if (price < bar.low) bar.low = price
  bar.close = price
  bar.excess += (price - bar.open) * lots
  bar.trades++
  if (maker === 1) {
    bar.sell += lots
    if (bar.buy - bar.sell < bar.minDelta) bar.minDelta = bar.buy - bar.sell
  } else {
    bar.buy += lots
    if (bar.buy - bar.sell > bar.maxDelta) bar.maxDelta = bar.buy - bar.sell
  }
}

/** `addTradeToBar` for rows `from` up to and without `to`. Sums are whole, so the order of adding does not show. */
export const addRunToBar = (
  bar: OpenBar,
  price: Float64Array,
  lots: Float64Array,
  maker: Uint8Array,
  from: number,
  to: number,
): void => {
  let { high, low, buy, sell, minDelta, maxDelta, excess } = bar
  const { open } = bar
  for (let i = from; i < to; i++) {
    const ticks = price[i]!
    const quantity = lots[i]!
    if (ticks > high) high = ticks
    else if (ticks < low) low = ticks
    excess += (ticks - open) * quantity
    if (maker[i] === 1) {
      sell += quantity
      if (buy - sell < minDelta) minDelta = buy - sell
    } else {
      buy += quantity
      if (buy - sell > maxDelta) maxDelta = buy - sell
    }
  }
  bar.high = high
  bar.low = low
  bar.buy = buy
  bar.sell = sell
  bar.minDelta = minDelta
  bar.maxDelta = maxDelta
  bar.excess = excess
  bar.close = price[to - 1]!
  bar.trades += to - from
}

/** Folds a closed shorter bar into the longer one around it. Same result as its trades one by one. */
export const mergeBar = (into: OpenBar, from: OpenBar): void => {
  const before = into.buy - into.sell
  if (from.high > into.high) into.high = from.high
  if (from.low < into.low) into.low = from.low
  into.close = from.close
  into.minDelta = Math.min(into.minDelta, before + from.minDelta)
  into.maxDelta = Math.max(into.maxDelta, before + from.maxDelta)
  into.excess += from.excess + (from.open - into.open) * (from.buy + from.sell + from.unsided)
  into.buy += from.buy
  into.sell += from.sell
  into.unsided += from.unsided
  into.trades += from.trades
  into.carried &&= from.carried
  into.tainted ||= from.tainted
}

/** Volume-weighted price in ticks; the close where nothing traded. */
export const vwapTicks = (bar: OpenBar): number => {
  const volume = bar.buy + bar.sell + bar.unsided
  return volume === 0 ? bar.close : bar.open + bar.excess / volume
}

/** Everything of `BarClosed` that does not depend on the instrument. */
export const barColumns = (
  bar: OpenBar,
  timeframe: Timeframe,
): Omit<BarClosed, 'venue' | 'symbol' | 'tick_size' | 'lot_size' | 'vwap'> => ({
  timeframe,
  open_time: bar.openTime,
  close_time: bar.openTime + TIMEFRAME_MS[timeframe],
  open_ticks: bar.open,
  high_ticks: bar.high,
  low_ticks: bar.low,
  close_ticks: bar.close,
  volume_lots: bar.buy + bar.sell + bar.unsided,
  buy_lots: bar.buy,
  sell_lots: bar.sell,
  delta_lots: bar.buy - bar.sell,
  min_delta_lots: bar.minDelta,
  max_delta_lots: bar.maxDelta,
  trades: bar.trades,
  carried: bar.carried,
  tainted: bar.tainted,
})
