const GROUP = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A count with groups of three: 1,234,567. */
export const count = (value: number): string => GROUP.format(value)

/** A count with its noun: 1 trade, 2 trades. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** Market time: 2024-08-08 23:54:16Z; without the day: 23:54:16Z. */
export const utc = (ms: number, { day = true } = {}): string => {
  const text = new Date(ms).toISOString()
  return day ? `${text.slice(0, 10)} ${text.slice(11, 19)}Z` : `${text.slice(11, 19)}Z`
}

/** With milliseconds: 23:54:16.120Z. */
export const utcMillis = (ms: number): string => `${new Date(ms).toISOString().slice(11, 23)}Z`

/** A length of time in the two units that matter: 1h 02m, 3m 20s, 4.2 s, 120 ms. */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60)
    return `${minutes}m ${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, '0')}s`
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`
}

/** A rate per second: 950, 12.3k, 1.20M. */
export const rate = (perSecond: number): string => {
  if (perSecond < 1_000) return String(Math.round(perSecond))
  if (perSecond < 1_000_000) return `${(perSecond / 1_000).toFixed(1)}k`
  return `${(perSecond / 1_000_000).toFixed(2)}M`
}

/** Money with its sign: +12.34, -3.10, 0.00. Null is a dash. */
export const money = (amount: string | null): string => {
  if (amount === null) return '–'
  const value = Number(amount)
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`
}

/** Any number of a message: whole as it is, else at most six digits after the point. */
export const figure = (value: number | string | boolean | null): string => {
  if (value === null) return 'unknown'
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value)
  return String(Number(value.toPrecision(6)))
}
