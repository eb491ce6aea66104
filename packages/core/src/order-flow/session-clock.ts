const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
/** 1970-01-05, the first Monday of the epoch. */
const FIRST_MONDAY_MS = 4 * DAY_MS

/** `HH:MM` as milliseconds after midnight UTC. Throws on anything else. */
export const parseTimeOfDay = (text: string): number => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match === null) throw new RangeError(`time of day ${text}: expected HH:MM in UTC, e.g. 08:00`)
  return (Number(match[1]) * 60 + Number(match[2])) * 60_000
}

/** Start of the trading session that holds `time`, when sessions start `offsetMs` after midnight UTC. */
export const sessionStartOf = (time: number, offsetMs: number): number =>
  Math.floor((time - offsetMs) / DAY_MS) * DAY_MS + offsetMs

/** Midnight UTC at or before `time`. */
export const dayStartOf = (time: number): number => Math.floor(time / DAY_MS) * DAY_MS

/** Monday 00:00 UTC at or before `time`. */
export const weekStartOf = (time: number): number =>
  Math.floor((time - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS

const padded = (value: number, width: number): string => String(value).padStart(width, '0')

/** The UTC date of `time` as `YYYY-MM-DD`, by the proleptic Gregorian calendar. */
export const utcDateOf = (time: number): string => {
  // Years are counted from 1 March, so that a leap day is the last day of its year.
  const days = Math.floor(time / DAY_MS) + 719_468
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
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`
}
