const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Minute of the UTC day, with its fraction: 17:45:15 is 1065.25. */
export const minuteOfDay = (at: number): number => (at % DAY_MS) / MINUTE_MS

/** `HH:MM` as minutes of the day. */
export const minutesOf = (hhmm: string): number =>
  Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3, 5))

const padded = (value: number, width = 2): string => String(value).padStart(width, '0')

/** Year, month and day of a day count since 1970-01-01 (proleptic Gregorian). */
const civil = (days: number): readonly [year: number, month: number, day: number] => {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}

/** UTC date as `2024-08-08`. */
export const utcDate = (at: number): string => {
  const [year, month, day] = civil(Math.floor(at / DAY_MS))
  return `${padded(year, 4)}-${padded(month)}-${padded(day)}`
}

/** UTC time for readable ids, as `20240808T235500`; milliseconds are added when there are any. */
export const compactUtc = (at: number): string => {
  const seconds = Math.floor((at % DAY_MS) / 1000)
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const millis = at % 1000 === 0 ? '' : `.${padded(at % 1000, 3)}`
  return `${utcDate(at).replaceAll('-', '')}T${time.map((part) => padded(part)).join('')}${millis}`
}
