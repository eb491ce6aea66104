/** How figures are written in a report: en-US digits, UTC, and a dash for what is not known. */
export const UNKNOWN = '\u2013'

const MINUS = '\u2212'

const digits = new Map<number, Intl.NumberFormat>()
const fixed = (places: number): Intl.NumberFormat => {
  let format = digits.get(places)
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    })
    digits.set(places, format)
  }
  return format
}

/** Fixed places, a real minus sign, never a minus zero. */
export const number = (value: number | null, places = 2): string => {
  if (value === null || !Number.isFinite(value)) return UNKNOWN
  const text = fixed(places).format(Math.abs(value))
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text
}

export const signed = (value: number | null, places = 2): string => {
  const text = number(value, places)
  return value !== null && value > 0 && /[1-9]/.test(text) ? `+${text}` : text
}

export const percent = (value: number | null, places = 1): string =>
  value === null ? UNKNOWN : `${number(value * 100, places)} %`

export const signedPercent = (value: number | null, places = 1): string =>
  value === null ? UNKNOWN : `${signed(value * 100, places)} %`

/** Significant rather than fixed: prices and quantities as they are. */
export const plain = (value: number): string =>
  (value < 0 ? MINUS : '') +
  new Intl.NumberFormat('en-US', { maximumSignificantDigits: 10 }).format(Math.abs(value))

/** 1.2k, 3.4M: for narrow cells. */
export const brief = (value: number): string => {
  const size = Math.abs(value)
  const [scale, unit] = size >= 1e6 ? [1e6, 'M'] : size >= 1e3 ? [1e3, 'k'] : [1, '']
  const scaled = size / scale
  const places = scaled >= 100 || (unit === '' && Number.isInteger(size)) ? 0 : scaled >= 10 ? 1 : 2
  return (value < 0 ? MINUS : '') + scaled.toFixed(places) + unit
}

/** 2024-08-08 23:54:15, UTC. */
export const moment = (at: number): string =>
  new Date(at).toISOString().slice(0, 19).replace('T', ' ')
export const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
export const minute = (at: number): string => new Date(at).toISOString().slice(11, 16)

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
]

/** The two largest units that are not 0. */
export const duration = (ms: number | null): string => {
  if (ms === null) return UNKNOWN
  if (ms < 1000) return `${Math.round(ms)} ms`
  let rest = ms
  const parts: string[] = []
  for (const [unit, name] of UNITS) {
    const count = Math.floor(rest / unit)
    rest -= count * unit
    if (count > 0) parts.push(`${count} ${name}`)
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break
  }
  return parts.join(' ')
}
