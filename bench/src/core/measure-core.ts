import type { TradingConfig } from '@tapedeck/contracts'
import { type BenchmarkResult, atLeast, figure, sampleOf } from '../measure/figure.ts'
import { bareLoop } from './bare-loop.ts'
import { brainLoop } from './brain-loop.ts'
import { syntheticTrades } from './synthetic-trades.ts'

const TRADES = 2_000_000
const RUNS = 5
const SEED = 7
/** A fast market, and the mean of a quiet one: the fewer trades a second, the more measures a trade. */
const RATES = [100, 20] as const

const timed = <T>(work: () => T): { seconds: number; value: T } => {
  const start = performance.now()
  const value = work()
  return { seconds: (performance.now() - start) / 1000, value }
}

/** Trades a second through the brain, in memory, on one core. */
export const measureCore = async (trading: TradingConfig): Promise<BenchmarkResult> => {
  const figures = []
  const notes = []
  for (const rate of RATES) {
    const trades = syntheticTrades(TRADES, rate, SEED)
    const [brain, bare]: [number[], number[]] = [[], []]
    // One round to warm up, then turn about, so that a busy machine is unfair to both alike.
    for (let run = -1; run < RUNS; run++) {
      const loop = timed(() => bareLoop(trades))
      const full = timed(() => brainLoop(trades, trading))
      if (run < 0) {
        const { features, measures } = full.value
        notes.push(
          `${rate} trades/s: ${features} features and ${measures} measures of ${TRADES} trades`,
        )
        continue
      }
      bare.push(TRADES / loop.seconds)
      brain.push(TRADES / full.seconds)
    }
    figures.push(
      figure({
        name: `order-flow brain, market of ${rate} trades/s`,
        unit: 'trades/s',
        ours: sampleOf('bars, features, profiles, detections', brain),
        bare: sampleOf('bare loop over the same arrays', bare),
        ...(rate === RATES[0] ? { budget: atLeast(3_000_000, 'trades/s') } : {}),
      }),
    )
  }
  return { name: 'core', figures, notes }
}
