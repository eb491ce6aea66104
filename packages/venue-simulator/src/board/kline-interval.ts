const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** 1970-01-01 was a Thursday; weeks start on Monday. */
const FIRST_MONDAY = 4 * DAY

const FIXED: Readonly<Record<string, number>> = {
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
  '3d': 3 * DAY,
}

/** `1m` to `1M`, as the venue names them. */
export const KLINE_INTERVALS: readonly string[] = [...Object.keys(FIXED), '1w', '1M']

export type KlineSpan = { readonly openTime: number; readonly nextOpenTime: number }

/** The candle that `time` falls into, in UTC. Throws a RangeError for an interval that does not exist. */
export const klineSpanOf = (interval: string, time: number): KlineSpan => {
  const ms = FIXED[interval]
  if (ms !== undefined) {
    const openTime = time - (time % ms)
    return { openTime, nextOpenTime: openTime + ms }
  }
  if (interval === '1w') {
    const openTime = time - ((((time - FIRST_MONDAY) % (7 * DAY)) + 7 * DAY) % (7 * DAY))
    return { openTime, nextOpenTime: openTime + 7 * DAY }
  }
  if (interval !== '1M') throw new RangeError(`interval ${interval}: expected one of 1m to 1M`)
  const { year, month } = monthOf(time)
  return { openTime: startOfMonth(year, month), nextOpenTime: startOfMonth(year, month + 1) }
}

/** Days since 1970 to a civil month, by the era arithmetic of the Gregorian calendar (no Date here). */
const monthOf = (time: number): { year: number; month: number } => {
  const days = Math.floor(time / DAY) + 719_468
  const era = Math.floor(days / 146_097)
  const dayOfEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month }
}

/** `month` 1 to 13, where 13 is January of the next year. */
const startOfMonth = (year: number, month: number): number => {
  const y = month > 12 ? year + 1 : year
  const m = month > 12 ? 1 : month
  const shiftedYear = m <= 2 ? y - 1 : y
  const era = Math.floor(shiftedYear / 400)
  const yearOfEra = shiftedYear - era * 400
  const dayOfYear = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5)
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * DAY
}
