import type { EquityPoint } from './closed-trade.ts'

const DAY = 86_400_000

export type PeriodRules = {
  /** Length of a period in ms; boundaries are its multiples since 1970 UTC. Default: a day. */
  readonly periodMs?: number
  /** Periods a year. Default 365: crypto never closes. */
  readonly periodsPerYear?: number
  /** What a period without any equity point is: a return of 0, or (markets that close) no period. */
  readonly emptyPeriods?: 'zero' | 'skip'
  /** Risk-free rate a year, 0.04 for 4 %. A period's is this over `periodsPerYear`. Default 0. */
  readonly riskFreeRate?: number
}

export type PeriodReturn = {
  /** The part of the period that the curve covers. */
  readonly from: number
  readonly to: number
  readonly starting_equity: number
  readonly ending_equity: number
  /** Ending over starting equity less 1; null when there was no equity to lose. */
  readonly value: number | null
  /** True for a first or last period that the curve covers by less than half; ratios leave it out. */
  readonly short: boolean
}

export const settledRules = (rules: PeriodRules): Required<PeriodRules> => {
  const { periodMs = DAY, periodsPerYear = 365, emptyPeriods = 'zero', riskFreeRate = 0 } = rules
  if (!(periodMs >= 1000 && Number.isInteger(periodMs)))
    throw new RangeError(`periodMs ${periodMs}: expected whole milliseconds, at least 1000`)
  if (!(periodsPerYear > 0 && Number.isFinite(periodsPerYear)))
    throw new RangeError(`periodsPerYear ${periodsPerYear}: expected a number above 0`)
  if (!Number.isFinite(riskFreeRate))
    throw new RangeError(`riskFreeRate ${riskFreeRate}: expected a number such as 0.04`)
  return { periodMs, periodsPerYear, emptyPeriods, riskFreeRate }
}

/** Throws a RangeError that names the first point which is not finite or goes back in time. */
export const checkEquity = (equity: readonly EquityPoint[]): void => {
  let before = Number.NEGATIVE_INFINITY
  equity.forEach(({ at, equity: value }, index) => {
    if (!Number.isFinite(at) || !Number.isFinite(value))
      throw new RangeError(`equity[${index}]: expected finite numbers, got ${at} and ${value}`)
    if (at < before)
      throw new RangeError(`equity[${index}].at ${at}: earlier than the point before it, ${before}`)
    before = at
  })
}

/**
 * Returns by period. Equity at a boundary is the last point at or before it, so a close at midnight belongs
 * to the day that ends. The first period begins with the first point, the last ends with the last point.
 */
export const periodicReturns = (
  equity: readonly EquityPoint[],
  rules: PeriodRules = {},
): PeriodReturn[] => {
  checkEquity(equity)
  const { periodMs, emptyPeriods } = settledRules(rules)
  const first = equity[0]
  const last = equity.at(-1)
  if (first === undefined || last === undefined || first.at === last.at) return []
  const periods: PeriodReturn[] = []
  let index = 0
  let start = first.equity
  // Points at the very beginning are one moment: the last of them is where the curve starts.
  while (equity[index + 1]?.at === first.at) start = equity[++index]!.equity
  let open = Math.floor(first.at / periodMs) * periodMs
  while (open < last.at) {
    const close = open + periodMs
    const seen = index
    while (index + 1 < equity.length && equity[index + 1]!.at <= close) index++
    if (index > seen || emptyPeriods === 'zero') {
      const end = index === seen ? start : equity[index]!.equity
      const from = Math.max(open, first.at)
      const to = Math.min(close, last.at)
      const value = start > 0 ? end / start - 1 : null
      const short = emptyPeriods === 'zero' && (to - from) * 2 < periodMs
      periods.push({ from, to, starting_equity: start, ending_equity: end, value, short })
      start = end
    }
    open = close
  }
  return periods
}

/** Returns that ratios are made of: short periods left out; null when one of them is not known. */
export const countedReturns = (periods: readonly PeriodReturn[]): number[] | null => {
  const counted: number[] = []
  for (const { value, short } of periods) {
    if (short) continue
    if (value === null) return null
    counted.push(value)
  }
  return counted
}
