/** A decimal step as an integer over a power of ten: 0.05 is 5 / 10^2. */
export type Step = { readonly mantissa: number; readonly scale: number; readonly pow: number }

/** Steps that were parsed before: a handful of instruments, asked for with every price that is written. */
const parsed = new Map<string, Step>()
const PARSED_MAX = 256

/** Parses a step size such as `0.10`, `0.001` or `5`. Throws on anything that is not a positive decimal. */
export const parseStep = (text: string): Step => {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const step = Object.freeze(readStep(text))
  if (parsed.size < PARSED_MAX) parsed.set(text, step)
  return step
}

const readStep = (text: string): Step => {
  const match = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(text)
  const digits = match === null ? '' : `${match[1]}${(match[2] ?? '').replace(/0+$/, '')}`
  const scale = match === null ? 0 : (match[2] ?? '').replace(/0+$/, '').length
  const mantissa = Number(digits)
  if (match === null || !Number.isSafeInteger(mantissa) || mantissa <= 0)
    throw new RangeError(`step size ${text}: expected a positive decimal with at most 15 digits`)
  return { mantissa, scale, pow: 10 ** scale }
}

/** Steps to the nearest float64 of the decimal value. Exact to the last bit: one correctly rounded division. */
export const fromSteps = (steps: number, step: Step): number => (steps * step.mantissa) / step.pow

/** Steps as a decimal string, e.g. 618002 ticks of 0.1 → `61800.2`. */
export const stepsToDecimal = (steps: number, step: Step): string => {
  const value = steps * step.mantissa
  if (!Number.isSafeInteger(steps) || !Number.isSafeInteger(value))
    return digitsToDecimal(BigInt(steps) * BigInt(step.mantissa), step.scale)
  const magnitude = Math.abs(value)
  const sign = value < 0 ? '-' : ''
  const fraction = magnitude % step.pow
  const whole = (magnitude - fraction) / step.pow
  if (fraction === 0) return `${sign}${whole}`
  return `${sign}${whole}.${withoutTrailingZeros(String(fraction).padStart(step.scale, '0'))}`
}

const withoutTrailingZeros = (digits: string): string => {
  let end = digits.length
  while (digits.charCodeAt(end - 1) === 48) end--
  return digits.slice(0, end)
}

/** The same for values beyond the exact integers of a float64. */
const digitsToDecimal = (value: bigint, scale: number): string => {
  const sign = value < 0n ? '-' : ''
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  if (scale === 0) return sign + digits
  const fraction = withoutTrailingZeros(digits.slice(-scale))
  const whole = digits.slice(0, -scale)
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`
}

/**
 * A decimal string as whole steps, or null when it does not lie on the grid or is not a plain decimal.
 * The hot path of every parser: no allocation beyond the string's own digits.
 */
export const decimalToSteps = (text: string, step: Step): number | null => {
  let value = 0
  let decimals = -1
  let negative = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46 && decimals < 0) decimals = 0
    else if (code === 45 && i === 0) negative = true
    else if (code < 48 || code > 57) return null
    else if (decimals >= step.scale) {
      if (code !== 48) return null
    } else {
      value = value * 10 + (code - 48)
      if (decimals >= 0) decimals++
    }
  }
  if (text.length === 0 || (decimals < 0 ? text.length : decimals + 1) === 0) return null
  for (let i = Math.max(decimals, 0); i < step.scale; i++) value *= 10
  if (!Number.isSafeInteger(value) || value % step.mantissa !== 0) return null
  const steps = value / step.mantissa
  return negative ? -steps : steps
}
