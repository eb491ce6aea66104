import { TIMEFRAME_MS, type BarClosed, type Timeframe } from '@tapedeck/contracts'
import { BarBuilder, type StrategyDefinition } from '@tapedeck/core'
import { tradedSeries } from './bar-clock.ts'
import { BarColumns, type BarSeries } from './bar-series.ts'

/** Bars of a longer timeframe from those of a shorter one, by the core's own builder. The last one counts once it is over. */
const lengthenBars = (series: BarSeries, timeframe: Timeframe): BarSeries => {
  const { instrument } = series
  const builder = new BarBuilder({ instrument, base: series.timeframe })
  const columns = new BarColumns(instrument, timeframe)
  const take = (closed: readonly BarClosed[]): void => {
    for (const bar of closed)
      if (bar.timeframe === timeframe)
        columns.push(
          {
            openTime: bar.open_time,
            open: bar.open_ticks,
            high: bar.high_ticks,
            low: bar.low_ticks,
            close: bar.close_ticks,
          },
          bar.volume_lots,
        )
  }
  for (let row = 0; row < series.count; row++)
    take(
      builder.addBar({
        openTime: series.openTime[row]!,
        open: series.open[row]!,
        high: series.high[row]!,
        low: series.low[row]!,
        close: series.close[row]!,
        buy: 0,
        sell: 0,
        unsided: series.volume[row]!,
        minDelta: 0,
        maxDelta: 0,
        trades: 0,
        excess: 0,
        carried: false,
        tainted: true,
      }),
    )
  if (series.count > 0)
    take(builder.closeUntil(series.openTime[series.count - 1]! + TIMEFRAME_MS[series.timeframe]))
  return columns.finish()
}

/** The series of a run, with the longer timeframes that the strategy wants and the files do not hold. */
export const withLongerBars = (
  series: readonly BarSeries[],
  { longer = [] }: StrategyDefinition,
): readonly BarSeries[] => {
  const made: BarSeries[] = []
  for (const one of tradedSeries(series))
    for (const timeframe of longer) {
      const has = series.some(
        (other) =>
          other.instrument.symbol === one.instrument.symbol && other.timeframe === timeframe,
      )
      if (!has && TIMEFRAME_MS[timeframe] > TIMEFRAME_MS[one.timeframe])
        made.push(lengthenBars(one, timeframe))
    }
  return [...series, ...made]
}
