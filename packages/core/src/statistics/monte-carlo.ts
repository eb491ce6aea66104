import { Random } from '../generator/index.ts'
import { inOrder, quantileOfSorted } from './quantile.ts'

export type MonteCarloOptions = {
  readonly seed: number
  /** `shuffle`: the same trades in another order. `resample`: drawn with replacement, so that results vary too. */
  readonly mode: 'shuffle' | 'resample'
  /** Default 2000; fewer where runs times trades would pass 20 million draws. */
  readonly runs?: number
  /** Ruin: equity at or below this share of the start. Default 0.5. */
  readonly ruinAt?: number
}

/** Quantiles over the runs. */
export type Spread = {
  readonly p5: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p95: number
}

export type MonteCarlo = {
  readonly mode: 'shuffle' | 'resample'
  readonly runs: number
  readonly trades: number
  /** Deepest drawdown as a share of the peak, and equity at the end as a multiple of the start. */
  readonly max_drawdown: Spread
  readonly final_equity: Spread
  readonly loss_probability: number
  readonly ruin_at: number
  readonly ruin_probability: number
  /** Equity as a multiple of the start after so many trades, for drawing: at most 101 points. */
  readonly fan: readonly (Spread & { readonly trade: number })[]
}

const MOST_DRAWS = 20_000_000
const FAN_STEPS = 100

const spreadOf = (values: Float64Array): Spread => {
  const sorted = inOrder(values)
  const at = (p: number): number => quantileOfSorted(sorted, p)!
  return { p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) }
}

/** Trades after which the fan is drawn: evenly, first and last included. */
const fanSteps = (trades: number): number[] => {
  const steps = Math.min(FAN_STEPS, trades)
  return Array.from({ length: steps + 1 }, (_, index) => Math.round((index * trades) / steps))
}

const shuffle = (values: Float64Array, random: Random): void => {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1))
    const kept = values[last]!
    values[last] = values[other]!
    values[other] = kept
  }
}

/**
 * What the same trades might have made in another order or another draw. `returns` are each trade's net as a share
 * of equity before it; equity compounds, and stays at 0 once lost. Independence of trades is assumed: runs
 * of luck that come from the market coming in regimes are not in here. Null below two trades.
 */
export const monteCarlo = (
  returns: readonly number[],
  { seed, mode, runs: asked = 2000, ruinAt = 0.5 }: MonteCarloOptions,
): MonteCarlo | null => {
  if (!(Number.isInteger(asked) && asked >= 1))
    throw new RangeError(`runs ${asked}: expected a whole number above 0`)
  if (!(ruinAt >= 0 && ruinAt < 1))
    throw new RangeError(`ruinAt ${ruinAt}: expected a share from 0 up to 1`)
  const trades = returns.length
  if (trades < 2) return null
  const runs = Math.max(1, Math.min(asked, Math.floor(MOST_DRAWS / trades)))
  const random = new Random(seed)
  const source = Float64Array.from(returns)
  const order = Float64Array.from(returns)
  const steps = fanSteps(trades)
  const fan = steps.map(() => new Float64Array(runs))
  const drawdowns = new Float64Array(runs)
  const finals = new Float64Array(runs)
  let ruined = 0
  let lost = 0
  for (let run = 0; run < runs; run++) {
    if (mode === 'shuffle') shuffle(order, random)
    else for (let i = 0; i < trades; i++) order[i] = source[Math.floor(random.next() * trades)]!
    const lowest = playRun(order, steps, fan, run, drawdowns)
    const end = fan.at(-1)![run]!
    finals[run] = end
    if (lowest <= ruinAt) ruined++
    if (end < 1) lost++
  }
  return {
    mode,
    runs,
    trades,
    max_drawdown: spreadOf(drawdowns),
    final_equity: spreadOf(finals),
    loss_probability: lost / runs,
    ruin_at: ruinAt,
    ruin_probability: ruined / runs,
    fan: steps.map((trade, index) => Object.assign(spreadOf(fan[index]!), { trade })),
  }
}

/** Compounds one order of trades, notes it in the fan, and gives the lowest equity. */
const playRun = (
  order: Float64Array,
  steps: readonly number[],
  fan: readonly Float64Array[],
  run: number,
  drawdowns: Float64Array,
): number => {
  let equity = 1
  let peak = 1
  let deepest = 0
  let lowest = 1
  let next = 1
  fan[0]![run] = 1
  for (let trade = 0; trade < order.length; trade++) {
    equity = Math.max(0, equity * (1 + order[trade]!))
    if (equity > peak) peak = equity
    else deepest = Math.max(deepest, 1 - equity / peak)
    if (equity < lowest) lowest = equity
    if (steps[next] === trade + 1) fan[next++]![run] = equity
  }
  drawdowns[run] = deepest
  return lowest
}

/**
 * Each trade's net as a share of equity before it, in the order of exits, from a starting balance. Null when equity
 * was gone before the last one: shares of nothing mean nothing.
 */
export const tradeReturns = (nets: readonly number[], startingBalance: number): number[] | null => {
  const returns: number[] = []
  let equity = startingBalance
  for (const net of nets) {
    if (equity <= 0) return null
    returns.push(net / equity)
    equity += net
  }
  return returns
}
