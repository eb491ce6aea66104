import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type BacktestResult, runBacktest, tapeOf } from '@tapedeck/backtest'
import type { TradingConfig } from '@tapedeck/contracts'
import {
  type BenchmarkResult,
  type Budget,
  type Figure,
  atMost,
  figure,
  sampleOf,
} from '../measure/figure.ts'
import { bareLoop } from './bare-loop.ts'
import { dayOfTrades } from './day-of-trades.ts'
import { INSTRUMENT_OF, TRADES } from './measured-day.ts'

const RUNS = 7
/** Rounds until the code is compiled as well as it will be. */
const WARM_UP_RUNS = 4
const SEED = 7
const MIB = 1024 ** 2
const TRADES_A_SECOND = 3_000_000
const OF_BARE = 0.4
const LONG_DAYS = 10
const RESIDENT_GROWTH_MAX = 1.5
const LIVE_GROWTH_MAX = 1.1

const answerOf = async <T>(file: string, flags: readonly string[], args: string[]): Promise<T> =>
  await new Promise((resolve, reject) => {
    const execArgv = [...process.execArgv, ...flags]
    const child = fork(join(import.meta.dirname, file), args, { stdio: 'inherit', execArgv })
    let answer: T | null = null
    child.once('message', (message) => (answer = message as T))
    child.once('exit', (code) =>
      answer === null ? reject(new Error(`${file} ended with ${code}`)) : resolve(answer),
    )
  })

const speedBudget: Budget = {
  text: `at least ${TRADES_A_SECOND.toLocaleString('en-US')} trades/s and ${OF_BARE} of the bare loop`,
  isKept: (value, ratio) => value >= TRADES_A_SECOND && ratio !== null && ratio >= OF_BARE,
}

const speed = async (trading: TradingConfig): Promise<{ one: Figure; notes: string[] }> => {
  const day = dayOfTrades({ trades: TRADES, seed: SEED })
  const instrument = INSTRUMENT_OF(trading)
  const tape = tapeOf([instrument], { [instrument.symbol]: day })
  const [ours, bare]: [number[], number[]] = [[], []]
  let result: BacktestResult | null = null
  // Turn about, so that a busy machine is unfair to both alike.
  for (let run = -WARM_UP_RUNS; run < RUNS; run++) {
    const begin = performance.now()
    bareLoop(day)
    const between = performance.now()
    result = await runBacktest({ tape, trading })
    const end = performance.now()
    if (result.stopped !== null) throw new Error(result.stopped.reason)
    if (run < 0) continue
    bare.push((TRADES / (between - begin)) * 1000)
    ours.push((TRADES / (end - between)) * 1000)
  }
  const { counts, trades } = result!
  const count = (type: string): number => counts[type] ?? 0
  return {
    one: figure({
      name: `the whole brain over a day of ${TRADES.toLocaleString('en-US')} trades`,
      unit: 'trades/s',
      ours: sampleOf('bars, features, order flow, setups, risk, execution, reconciler', ours),
      bare: sampleOf('bare loop over the same arrays', bare),
      budget: speedBudget,
    }),
    notes: [
      `of the day: ${count('market.bar.closed')} bars, ${count('orderflow.features')} features, ` +
        `${count('setup.evaluated')} evaluations, ${count('setup.signal.generated')} signals, ` +
        `${count('reconciler.run.completed')} reconciliations, ${trades.length} trades closed`,
    ],
  }
}

type Held = { readonly peak: number; readonly live: number }

/** The young generation takes its size in the first days; what is alive is what would grow without end. */
const memory = async (): Promise<Figure[]> => {
  const flags = ['--expose-gc']
  const one = await answerOf<Held>('play-days.ts', flags, ['1'])
  const ten = await answerOf<Held>('play-days.ts', flags, [String(LONG_DAYS)])
  const grown = (name: string, of: keyof Held, most: number): Figure =>
    figure({
      name: `${name}, a tape of ${LONG_DAYS} days`,
      unit: 'MiB',
      ours: sampleOf(`${LONG_DAYS} days`, [ten[of] / MIB]),
      bare: sampleOf('1 day', [one[of] / MIB]),
      budget: {
        text: `at most ${most} of the day`,
        isKept: (_, ratio) => ratio !== null && ratio <= most,
      },
    })
  return [
    grown('resident at most', 'peak', RESIDENT_GROWTH_MAX),
    grown('alive at the end', 'live', LIVE_GROWTH_MAX),
  ]
}

const allocations = async (): Promise<Figure[]> => {
  const { inside, overall } = await answerOf<{ inside: number; overall: number }>(
    'count-allocations.ts',
    ['--expose-gc', '--max-semi-space-size=512'],
    [],
  )
  return [
    figure({
      name: 'allocated inside one second of market time',
      unit: 'bytes/trade',
      ours: sampleOf('prints alone', [inside]),
      budget: atMost(1, 'byte/trade'),
    }),
    figure({
      name: 'allocated over a quarter of an hour',
      unit: 'bytes/trade',
      ours: sampleOf('with batches, clocks, bars and what follows from them', [overall]),
    }),
  ]
}

/** The services' deciders alone over a day of prints in memory, on one core. */
export const measureBrain = async (trading: TradingConfig): Promise<BenchmarkResult> => {
  const { one, notes } = await speed(trading)
  return { name: 'brain', figures: [one, ...(await memory()), ...(await allocations())], notes }
}
