import { TIMEFRAME_MS } from '@tapedeck/contracts'
import { Random } from '@tapedeck/core'
import type { BarSeries, BarSet } from '../bars/bar-series.ts'
import type { Material, Poison } from './subject.ts'

/** Bars of garbage after a cut: enough for every window that ends soon after it. */
const AHEAD = 64
const TICKS_MAX = 2_147_483_647
const MONTH = 30 * 86_400_000

type Ohlc = {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

const whole = (ticks: number): number => Math.min(TICKS_MAX, Math.max(1, Math.round(ticks)))

/** The bar `step` places after the cut: what really came, made into something else. */
type MakeBar = (real: Ohlc, last: number, step: number, random: Random) => Ohlc

const wander: MakeBar = (_, last, step, random) => {
  const open = whole(last * (1 + 0.01 * random.normal()))
  const close = whole(open * (1 + 0.01 * random.normal()))
  const reach = Math.abs(random.normal()) * 0.005 * (1 + (step % 3))
  return {
    open,
    close,
    high: whole(Math.max(open, close) * (1 + reach)),
    low: whole(Math.min(open, close) * (1 - reach)),
  }
}

const MAKE: Readonly<Record<Poison, MakeBar>> = {
  absurd: (real, _last, step) => {
    const scale = step % 2 === 0 ? 1000 : 0.001
    return {
      open: whole(real.open * scale),
      high: whole(real.high * scale),
      low: whole(real.low * scale),
      close: whole(real.close * scale),
    }
  },
  mirrored: (real, last) => ({
    open: whole(2 * last - real.open),
    high: whole(2 * last - real.low),
    low: whole(2 * last - real.high),
    close: whole(2 * last - real.close),
  }),
  silence: wander,
  repeated: (_, last) => ({ open: last, high: last + 1, low: whole(last - 1), close: last }),
  wandering: wander,
}

/** Rows of bars that had closed by then. */
const closedBy = ({ openTime, count, timeframe }: BarSeries, at: number): number => {
  const latestOpen = at - TIMEFRAME_MS[timeframe]
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (openTime[middle]! <= latestOpen) low = middle + 1
    else high = middle
  }
  return low
}

/** Close of the last bar that had closed by then; -Infinity before the first. */
const lastClose = (series: BarSeries, at: number): number => {
  const row = closedBy(series, at) - 1
  return row < 0 ? -Infinity : series.openTime[row]! + TIMEFRAME_MS[series.timeframe]
}

const isInside = (series: BarSeries, at: number): boolean => {
  const open = series.openTime[closedBy(series, at)]
  return open !== undefined && open < at
}

const poisonSeries = (series: BarSeries, at: number, poison: Poison, random: Random): BarSeries => {
  const kept = closedBy(series, at)
  const lengthMs = TIMEFRAME_MS[series.timeframe]
  const count = kept + AHEAD
  const floats = (from: Float64Array): Float64Array => {
    const to = new Float64Array(count)
    to.set(from.subarray(0, kept))
    return to
  }
  const ints = (from: Int32Array): Int32Array => {
    const to = new Int32Array(count)
    to.set(from.subarray(0, kept))
    return to
  }
  const [openTime, volume] = [floats(series.openTime), floats(series.volume)]
  const [open, high, low, close] = [
    ints(series.open),
    ints(series.high),
    ints(series.low),
    ints(series.close),
  ]
  const last = kept > 0 ? close[kept - 1]! : (series.open[0] ?? 1)
  const next = series.openTime[kept] ?? at
  const start = poison === 'silence' ? next + Math.ceil(MONTH / lengthMs) * lengthMs : next
  for (let row = kept, before = last; row < count; row++) {
    const from = Math.min(row, series.count - 1)
    const real = {
      open: series.open[from]!,
      high: series.high[from]!,
      low: series.low[from]!,
      close: series.close[from]!,
    }
    const made = MAKE[poison](
      real,
      poison === 'wandering' || poison === 'silence' ? before : last,
      row - kept,
      random,
    )
    openTime[row] = start + (row - kept) * lengthMs
    open[row] = made.open
    high[row] = made.high
    low[row] = made.low
    close[row] = made.close
    volume[row] =
      poison === 'repeated' ? (series.volume[from] ?? 0) : Math.floor(random.between(0, 1e9))
    before = made.close
  }
  return { ...series, count, openTime, open, high, low, close, volume }
}

/** Bars with their future replaced. A bar belongs to the future until it has closed. */
export const barMaterial = (bars: BarSet): Material<BarSet> => {
  const { series } = bars
  const shortest = series.reduce(
    (least, { timeframe }) => Math.min(least, TIMEFRAME_MS[timeframe]),
    Infinity,
  )
  const withBars = series.filter(({ count }) => count > 0)
  const from = withBars.reduce((least, { openTime }) => Math.min(least, openTime[0]!), Infinity)
  const to = withBars.reduce(
    (most, { openTime, count, timeframe }) =>
      Math.max(most, openTime[count - 1]! + TIMEFRAME_MS[timeframe]),
    -Infinity,
  )
  const traded = withBars.filter(({ timeframe }) => TIMEFRAME_MS[timeframe] === shortest)
  return {
    clean: bars,
    from,
    to,
    cutNear: async (near) => {
      const at = lastClose(traded[0]!, near)
      // Inside a bar that is traded on, its open is known and its close is not: nothing can be cut there.
      return at > from && at < to && !traded.some((one) => isInside(one, at)) ? { at } : null
    },
    poisoned: async ({ at }, poison, seed) => {
      const random = new Random(seed)
      return { ...bars, series: series.map((one) => poisonSeries(one, at, poison, random)) }
    },
  }
}
