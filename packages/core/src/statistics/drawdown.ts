import type { EquityPoint } from './closed-trade.ts'
import { checkEquity } from './periodic-returns.ts'

/** A time under water: from a peak until equity is back at it, or until the curve ends. */
export type Drawdown = {
  readonly peak_at: number
  readonly peak_equity: number
  readonly trough_at: number
  readonly trough_equity: number
  /** Last moment known to be below the peak. */
  readonly last_below_at: number
  /** First point at or above the peak again; null while under water at the end. */
  readonly recovered_at: number | null
  readonly amount: number
  /** Share of the peak, above 1 when more was lost than was there; null for a peak of 0 or less. */
  readonly fraction: number | null
  /** Peak to recovery; to the end of the curve where it never came. */
  readonly duration_ms: number
  /** Peak to the last point below it: what is known for certain (Chan, Quantitative Trading, counts so). */
  readonly underwater_ms: number
}

type Open = { peak: EquityPoint; trough: EquityPoint; lastBelow: EquityPoint }

const close = ({ peak, trough, lastBelow }: Open, back: number | null, end: number): Drawdown => ({
  peak_at: peak.at,
  peak_equity: peak.equity,
  trough_at: trough.at,
  trough_equity: trough.equity,
  last_below_at: lastBelow.at,
  recovered_at: back,
  amount: peak.equity - trough.equity,
  fraction: peak.equity > 0 ? (peak.equity - trough.equity) / peak.equity : null,
  duration_ms: (back ?? end) - peak.at,
  underwater_ms: lastBelow.at - peak.at,
})

/**
 * All drawdowns of a curve, in order of time. A peak is the latest point at the highest equity so far: time
 * spent exactly at the high is not under water.
 */
export const drawdownsOf = (equity: readonly EquityPoint[]): Drawdown[] => {
  checkEquity(equity)
  const found: Drawdown[] = []
  let peak = equity[0]
  let open: Open | null = null
  for (const point of equity) {
    if (peak === undefined || point.equity >= peak.equity) {
      if (open !== null) found.push(close(open, point.at, point.at))
      open = null
      peak = point
    } else if (open === null) {
      open = { peak, trough: point, lastBelow: point }
    } else {
      open.lastBelow = point
      if (point.equity < open.trough.equity) open.trough = point
    }
  }
  if (open !== null) found.push(close(open, null, open.lastBelow.at))
  return found
}

const most = (
  drawdowns: readonly Drawdown[],
  measure: (drawdown: Drawdown) => number,
): Drawdown | null =>
  drawdowns.reduce<Drawdown | null>(
    (best, next) => (best === null || measure(next) > measure(best) ? next : best),
    null,
  )

/** The deepest by share of the peak; the earliest of equals. Null when equity never fell. */
export const deepestDrawdown = (drawdowns: readonly Drawdown[]): Drawdown | null =>
  most(drawdowns, ({ fraction, amount }) => fraction ?? amount)

/** The one that cost most money: not always the deepest. */
export const costliestDrawdown = (drawdowns: readonly Drawdown[]): Drawdown | null =>
  most(drawdowns, ({ amount }) => amount)

/** The one that lasted longest from peak to recovery. */
export const longestDrawdown = (drawdowns: readonly Drawdown[]): Drawdown | null =>
  most(drawdowns, ({ duration_ms }) => duration_ms)
