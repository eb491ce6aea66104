const DECIMAL = /^-?\d+\.\d+$/

/** The same value with decimals without zeros at their ends: how many of them there are is not what a test is about. */
export const plainDecimals = <T>(value: T): T => {
  if (typeof value === 'string')
    return (DECIMAL.test(value) ? value.replace(/\.?0+$/, '') : value) as T
  if (Array.isArray(value)) return value.map((one: unknown) => plainDecimals(one)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, plainDecimals(one as unknown)]),
  ) as T
}
