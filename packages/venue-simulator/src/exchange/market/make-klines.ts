import { stepsToDecimal, toDecimalString, type Dec } from '@tapedeck/core'
import type { InstrumentRules } from '../orders/instrument-rules.ts'
import type { DayTicker, Kline, KlineInterval, PublicTrade } from './market-types.ts'
import type { MinuteBar, MinuteBars } from './minute-bars.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** 1970-01-01 was a Thursday: weeks open on Monday. */
const MONDAY = 4 * DAY

const LENGTH: Readonly<Record<Exclude<KlineInterval, '1M'>, number>> = {
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': 60 * MINUTE,
  '2h': 120 * MINUTE,
  '4h': 240 * MINUTE,
  '6h': 360 * MINUTE,
  '8h': 480 * MINUTE,
  '12h': 720 * MINUTE,
  '1d': DAY,
  '3d': 3 * DAY,
  '1w': 7 * DAY,
}

/** Month of a day count since 1970-01-01 (proleptic Gregorian; H. Hinnant, "days_from_civil"). */
const monthOf = (days: number): { year: number; month: number; day: number } => {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) /
      365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const monthSpan = (time: number): readonly [open: number, next: number] => {
  const days = Math.floor(time / DAY)
  const { year, month, day } = monthOf(days)
  const first = days - (day - 1)
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const length = month === 2 && isLeap ? 29 : DAYS_IN_MONTH[month - 1]!
  return [first * DAY, (first + length) * DAY]
}

/** When the interval that holds `time` opens, and when the next one does. */
export const intervalSpan = (
  interval: KlineInterval,
  time: number,
): readonly [open: number, next: number] => {
  if (interval === '1M') return monthSpan(time)
  const length = LENGTH[interval]
  const shift = interval === '1w' ? MONDAY : 0
  const open = Math.floor((time - shift) / length) * length + shift
  return [open, open + length]
}

const merge = (bars: readonly MinuteBar[]): MinuteBar => {
  const first = bars[0]!
  const whole = { ...first }
  for (const bar of bars.slice(1)) {
    whole.high = Math.max(whole.high, bar.high)
    whole.low = Math.min(whole.low, bar.low)
    whole.close = bar.close
    whole.lots += bar.lots
    whole.tickLots += bar.tickLots
    whole.trades += bar.trades
    whole.buyLots += bar.buyLots
    whole.buyTickLots += bar.buyTickLots
    whole.lastId = bar.lastId
  }
  return whole
}

const emptyBar = (openTime: number, close: number): MinuteBar => ({
  openTime,
  open: close,
  high: close,
  low: close,
  close,
  lots: 0,
  tickLots: 0,
  trades: 0,
  buyLots: 0,
  buyTickLots: 0,
  firstId: -1,
  lastId: -1,
})

const describe = (
  rules: InstrumentRules,
  interval: KlineInterval,
  span: readonly [number, number],
  bar: MinuteBar,
  now: number,
): Kline => {
  const { tick, lot, tickLot, symbol } = rules
  const price = (ticks: number): string => stepsToDecimal(ticks, tick)
  const quote = (tickLots: number): string => toDecimalString(tickLot.times(tickLots))
  return {
    symbol,
    interval,
    openTime: span[0],
    closeTime: span[1] - 1,
    open: price(bar.open),
    high: price(bar.high),
    low: price(bar.low),
    close: price(bar.close),
    volume: stepsToDecimal(bar.lots, lot),
    quoteVolume: quote(bar.tickLots),
    trades: bar.trades,
    takerBuyVolume: stepsToDecimal(bar.buyLots, lot),
    takerBuyQuoteVolume: quote(bar.buyTickLots),
    firstTradeId: bar.firstId,
    lastTradeId: bar.lastId,
    closed: span[1] <= now,
  }
}

/**
 * Klines from minutes: every interval from the first trade on, those without a trade at the close before.
 * Oldest first, the latest `limit`, or with `from` the first `limit` that open at or after it.
 */
export const makeKlines = (
  rules: InstrumentRules,
  minutes: MinuteBars,
  query: {
    readonly interval: KlineInterval
    readonly limit: number
    readonly from?: number | undefined
    readonly to?: number | undefined
    readonly now: number
  },
): Kline[] => {
  const { interval, limit, from, to, now } = query
  const first = minutes.firstTime
  if (first === null) return []
  let span = intervalSpan(interval, Math.max(first, beginning(interval, limit, from, to ?? now)))
  if (from !== undefined && span[0] < from) span = intervalSpan(interval, span[1])
  const bars = minutes.since(span[0])
  const klines: Kline[] = []
  let at = 0
  let close = minutes.closeBefore(span[0]) ?? bars[0]?.open ?? 0
  while (span[0] <= now && (to === undefined || span[0] <= to)) {
    const start = at
    while (at < bars.length && bars[at]!.openTime < span[1]) at++
    const bar = at > start ? merge(bars.slice(start, at)) : emptyBar(span[0], close)
    close = bar.close
    klines.push(describe(rules, interval, span, bar, now))
    if (from !== undefined && klines.length >= limit) return klines
    span = intervalSpan(interval, span[1])
  }
  return klines.slice(Math.max(0, klines.length - limit))
}

/** Where to begin so that no more intervals are made than were asked for. */
const beginning = (
  interval: KlineInterval,
  limit: number,
  from: number | undefined,
  to: number,
): number => {
  if (from !== undefined) return from
  const length = interval === '1M' ? 31 * DAY : LENGTH[interval]
  return intervalSpan(interval, to)[0] - (limit - 1) * length
}

const percent = (from: Dec, to: Dec): string =>
  from.isZero() ? '0' : toDecimalString(to.minus(from).div(from).times(100).toDecimalPlaces(3))

/** The last 24 hours, by the minute. Null before the first trade. */
export const makeDayTicker = (
  rules: InstrumentRules,
  minutes: MinuteBars,
  last: PublicTrade | null,
  now: number,
): DayTicker | null => {
  if (last === null) return null
  const bars = minutes.since(now - DAY)
  const whole = bars.length === 0 ? null : merge(bars)
  const lastTicks = whole?.close ?? 0
  const open = rules.tickSize.times(whole?.open ?? 0)
  const price = (ticks: number): string => stepsToDecimal(ticks, rules.tick)
  const closes = whole === null ? last.price : price(lastTicks)
  const average =
    whole === null || whole.lots === 0
      ? '0'
      : toDecimalString(rules.tickSize.times(whole.tickLots).div(whole.lots).toDecimalPlaces(8))
  return {
    symbol: rules.symbol,
    priceChange: whole === null ? '0' : price(whole.close - whole.open),
    priceChangePercent: whole === null ? '0' : percent(open, rules.tickSize.times(whole.close)),
    weightedAveragePrice: average,
    lastPrice: closes,
    lastQuantity: last.quantity,
    openPrice: whole === null ? last.price : price(whole.open),
    highPrice: whole === null ? last.price : price(whole.high),
    lowPrice: whole === null ? last.price : price(whole.low),
    volume: stepsToDecimal(whole?.lots ?? 0, rules.lot),
    quoteVolume: toDecimalString(rules.tickLot.times(whole?.tickLots ?? 0)),
    openTime: now - DAY,
    closeTime: now,
    firstId: whole?.firstId ?? -1,
    lastId: whole?.lastId ?? -1,
    count: whole?.trades ?? 0,
  }
}
