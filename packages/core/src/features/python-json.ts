/**
 * Python's `float.__repr__`: the shortest digits that read back the same, always with a point or an
 * exponent, exponents below -4 and from 16 on. Throws RangeError on what JSON has no text for.
 */
export const pythonFloat = (value: number): string => {
  if (!Number.isFinite(value))
    throw new RangeError(`${value} has no JSON, expected a finite number`)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa, exponentText] = Math.abs(value).toExponential().split('e') as [string, string]
  const digits = mantissa.replace('.', '')
  const exponent = Number(exponentText)
  const sign = value < 0 ? '-' : ''
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length === 1 ? '' : `.${digits.slice(1)}`
    const power = String(Math.abs(exponent)).padStart(2, '0')
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
}

const escaped = (unit: string): string =>
  ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A string as `json.dumps` writes it: everything outside printable ASCII escaped, by UTF-16 unit. */
export const pythonString = (text: string): string =>
  `"${text.replaceAll(/["\\]|[^ -~]/g, (found) =>
    Array.from({ length: found.length }, (_, i) => escaped(found[i]!)).join(''),
  )}"`

const SURROGATE = /[\uD800-\uDFFF]/

const pointsOf = (text: string): number[] => Array.from(text, (point) => point.codePointAt(0)!)

/** Python's order of strings: by code point. JavaScript's own is by UTF-16 unit, another beyond U+FFFF. */
export const byCodePoint = (a: string, b: string): number => {
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : Number(a > b)
  const left = pointsOf(a)
  const right = pointsOf(b)
  const shared = Math.min(left.length, right.length)
  for (let i = 0; i < shared; i++) if (left[i] !== right[i]) return left[i]! - right[i]!
  return left.length - right.length
}

/** `json.dumps(members, sort_keys=True)` of an object whose values are JSON texts already. */
export const pythonObject = (members: readonly (readonly [key: string, text: string])[]): string =>
  `{${members
    .toSorted(([a], [b]) => byCodePoint(a, b))
    .map(([key, text]) => `${pythonString(key)}: ${text}`)
    .join(', ')}}`
