import type { ExecutionConfig, Features } from '@tapedeck/contracts'
import { direction, type TradeRecord } from './trade-record.ts'

/** Average entry in ticks; fractional when several prices filled. */
const entryTicks = (trade: TradeRecord): number => trade.entryTickLots / trade.entryLots

/**
 * Distance from entry to the initial stop in ticks: 1R. An entry that filled beyond its own stop (a
 * book that fell through both) counts the planned distance, because 1R must be positive.
 */
export const riskTicks = (trade: TradeRecord): number => {
  const sign = direction(trade)
  const distance = trade.entryLots === 0 ? 0 : sign * (entryTicks(trade) - trade.initialStopTicks)
  return distance > 0 ? distance : Math.abs(trade.plannedTicks - trade.initialStopTicks)
}

/** How far a price lies on the good side of the entry, in R. Needs an entry. */
export const progressInR = (trade: TradeRecord, ticks: number): number =>
  (direction(trade) * (ticks - entryTicks(trade))) / riskTicks(trade)

/** The best the trade has seen since its entry, in R; and the worst, as a positive number. */
export const excursionsInR = (trade: TradeRecord): { favorable: number; adverse: number } => {
  const long = direction(trade) === 1
  const best = progressInR(trade, long ? trade.highTicks : trade.lowTicks)
  const worst = progressInR(trade, long ? trade.lowTicks : trade.highTicks)
  return { favorable: Math.max(0, best), adverse: Math.max(0, -worst) }
}

/** A stop may only come nearer: to the price of the trade's own favor. */
const isTighter = (trade: TradeRecord, ticks: number): boolean =>
  direction(trade) * (ticks - trade.stopTicks) > 0

/** Float noise of a product must not push a whole tick over the edge. */
const EDGE = 1e-6

/** Entry plus the buffer in the trade's favor, to a whole tick, rounded in its favor. */
export const breakEvenTicks = (trade: TradeRecord, bufferPercent: number): number => {
  const entry = entryTicks(trade)
  const buffer = (entry * Math.round(bufferPercent * 10_000)) / 1_000_000
  return direction(trade) === 1
    ? Math.ceil(entry + buffer - EDGE)
    : Math.floor(entry - buffer + EDGE)
}

/** True when price followed the entry in time: +0.5R (configurable) within the first 60 s. */
const followedInTime = (trade: TradeRecord, openedAt: number, afterMs: number): boolean =>
  trade.followedAt !== null && trade.followedAt - openedAt <= afterMs

/**
 * Where the stop goes for break-even, or null to leave it (domain §5): at +1R, or when 60 s have passed
 * without +0.5R, however far price comes later; in both cases only while the price stands beyond the
 * new stop, because one on the wrong side would trigger at once.
 */
export const breakEvenStop = (
  trade: TradeRecord,
  ticks: number,
  now: number,
  config: ExecutionConfig['break_even'],
): number | null => {
  if (trade.openedAt === null || trade.stopBasis !== 'initial') return null
  const reached = progressInR(trade, ticks) >= config.at_r
  const { openedAt } = trade
  const slow =
    now - openedAt >= config.after_ms && !followedInTime(trade, openedAt, config.after_ms)
  if (!reached && !slow) return null
  const level = breakEvenTicks(trade, config.buffer_percent)
  const allowed = direction(trade) * (ticks - level) > 0
  return allowed && isTighter(trade, level) ? level : null
}

/**
 * Where the stop goes to trail behind the volume wall, or null (domain §5): once the trade has seen
 * +1.5R, the wall on the far side of the price, less a buffer; never looser, never through the price.
 */
export const trailingStop = (
  trade: TradeRecord,
  features: Pick<Features, 'price_ticks' | 'wall_above' | 'wall_below'>,
  config: ExecutionConfig['trailing'],
): number | null => {
  if (trade.openedAt === null || excursionsInR(trade).favorable < config.from_r) return null
  const long = direction(trade) === 1
  const wall = long ? features.wall_below : features.wall_above
  if (wall === null) return null
  const level = long
    ? Math.floor(wall.price_ticks * (1 - config.buffer_fraction) + EDGE)
    : Math.ceil(wall.price_ticks * (1 + config.buffer_fraction) - EDGE)
  const behind = direction(trade) * (features.price_ticks - level) > 0
  return behind && level > 0 && isTighter(trade, level) ? level : null
}

/**
 * True when the idea is wrong (domain §5): the 15 s bar closed beyond the last confirmed 15 s swing
 * against the position while the one-minute delta opposes it. Nothing is concluded from tainted
 * measures or without a swing: the stop is there for that.
 */
export const isInvalidated = (
  trade: TradeRecord,
  features: Pick<
    Features,
    'bars_15s' | 'delta_ratio' | 'swing_high_15s_ticks' | 'swing_low_15s_ticks' | 'tainted_until'
  >,
  opposingRatioMin: number,
): boolean => {
  const close = features.bars_15s.at(-1)?.close_ticks
  if (close === undefined || features.tainted_until !== null) return false
  const ratio = features.delta_ratio['1m']
  if (direction(trade) === 1) {
    const low = features.swing_low_15s_ticks
    return low !== null && close < low && ratio <= -opposingRatioMin
  }
  const high = features.swing_high_15s_ticks
  return high !== null && close > high && ratio >= opposingRatioMin
}
