import { TIMEFRAME_MS } from '@tapedeck/contracts'
import type { DataGap } from '../result/backtest-result.ts'
import type { BarSeries } from './bar-series.ts'

/** Holes told one by one for each symbol; beyond that the last entry says how many more there are. */
const GAPS_TOLD_MAX = 200

/** Missing bars between two rows of a series, first row `from`, up to and without row `to`. */
export const gapsOf = (series: BarSeries, from: number, to: number): DataGap[] => {
  const lengthMs = TIMEFRAME_MS[series.timeframe]
  const { symbol } = series.instrument
  const gaps: DataGap[] = []
  let untold = 0
  let untoldFrom = 0
  for (let row = from + 1; row < to; row++) {
    const expected = series.openTime[row - 1]! + lengthMs
    const found = series.openTime[row]!
    if (found === expected) continue
    const missing = Math.round((found - expected) / lengthMs)
    if (gaps.length < GAPS_TOLD_MAX)
      gaps.push({
        symbol,
        from: expected,
        to: found,
        what: `${missing} bar${missing === 1 ? '' : 's'} of ${series.timeframe} missing`,
      })
    else if (untold++ === 0) untoldFrom = expected
  }
  if (untold > 0)
    gaps.push({
      symbol,
      from: untoldFrom,
      to: series.openTime[to - 1]!,
      what: `${untold} more holes`,
    })
  return gaps
}
