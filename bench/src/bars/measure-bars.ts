import { generatedBars, runBarBacktest, type BacktestResult, type BarSet } from '@tapedeck/backtest'
import { BUILT_IN_STRATEGIES } from '@tapedeck/core'
import { atMost, figure, sampleOf, type BenchmarkResult } from '../measure/figure.ts'
import { bareChannel } from './bare-channel.ts'

const RUNS = 3
const SYMBOLS = 20
const MINUTES_OF_A_YEAR = 525_600
const SECONDS_MAX = 10
const MIB = 1024 ** 2
/** A day and half a day of minutes: a few thousand trades, as a breakout of that length makes in a year. */
const PARAMS = { entry: 1440, exit: 720, atr: 60, stop_atr: 20 }
const COSTS = {
  latencyMs: 50,
  slippagePercent: 0.01,
  makerFeePercent: 0.02,
  takerFeePercent: 0.04,
  bookAgeMsMax: 5_000,
}

const donchian = BUILT_IN_STRATEGIES.find(({ name }) => name === 'donchian')!

const play = async (bars: BarSet): Promise<BacktestResult> =>
  await runBarBacktest({
    bars,
    strategy: donchian,
    params: PARAMS,
    costs: COSTS,
    startingBalance: 100_000,
  })

/** A channel breakout over a year of minutes of 20 symbols, beside a bare loop over the same arrays. */
export const measureBars = async (): Promise<BenchmarkResult> => {
  const count = SYMBOLS * MINUTES_OF_A_YEAR
  const bars = generatedBars({
    seed: 1,
    symbols: SYMBOLS,
    bars: MINUTES_OF_A_YEAR,
    timeframe: '1m',
    from: Date.UTC(2024, 0, 1),
  })
  const columns = process.memoryUsage().rss
  const [ours, bare, processor]: [number[], number[], number[]] = [[], [], []]
  let changes = 0
  let result: BacktestResult | null = null
  let highest = columns
  for (let run = 0; run < RUNS; run++) {
    const begin = performance.now()
    changes = 0
    for (const series of bars.series) changes += bareChannel(series, PARAMS.entry, PARAMS.exit)
    const between = performance.now()
    const before = process.cpuUsage()
    result = await play(bars)
    const { user, system } = process.cpuUsage(before)
    processor.push((user + system) / 1e6)
    ours.push((performance.now() - between) / 1000)
    bare.push((between - begin) / 1000)
    highest = Math.max(highest, process.memoryUsage().rss)
    if (result.stopped !== null) throw new Error(result.stopped.reason)
  }
  const perSecond = (seconds: readonly number[]): number[] => seconds.map((one) => count / one)
  return {
    name: 'bars',
    figures: [
      figure({
        name: `a channel breakout over ${count.toLocaleString('en-US')} one-minute bars, ${SYMBOLS} symbols`,
        unit: 's',
        ours: sampleOf('clock, strategy, sizing, fills, ledger', ours),
        bare: sampleOf('bare loop: rolling extremes and a flag', bare),
        budget: atMost(SECONDS_MAX, 's'),
      }),
      figure({
        name: 'the same as a rate',
        unit: 'bars/s',
        ours: sampleOf('clock, strategy, sizing, fills, ledger', perSecond(ours)),
        bare: sampleOf('bare loop: rolling extremes and a flag', perSecond(bare)),
      }),
      figure({
        name: 'processor time of it, which a busy machine changes less',
        unit: 's',
        ours: sampleOf('clock, strategy, sizing, fills, ledger', processor),
      }),
      figure({
        name: 'memory beyond the columns',
        unit: 'MiB',
        ours: sampleOf('resident at most, less what the bars take', [(highest - columns) / MIB]),
      }),
    ],
    notes: [
      `${result!.trades.length} trades, ${result!.equity.length} points of equity; the bare loop changed its flag ${changes} times`,
      'bars are made from a seed and lie in typed arrays, 32 bytes each; reading files is not measured',
    ],
  }
}
