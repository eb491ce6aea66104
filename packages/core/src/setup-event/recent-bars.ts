import { TIMEFRAME_MS, type BarClosed, type Timeframe } from '@tapedeck/contracts'
import type { PriceSpan } from './outcome-walk.ts'

/** Bars kept of each instrument and timeframe, for an event that is read after later bars. */
const BARS_KEPT = 64

type Kept = PriceSpan & { readonly openTime: number }
/** By `venue|symbol|timeframe`, oldest first. Plain JSON. */
export type RecentBars = Record<string, Kept[]>

type On = { readonly venue: string; readonly symbol: string }
type From = On & { readonly timeframe: Timeframe; readonly ts: number }

/** A bar that came before the event that it counts for. */
export type MissedBar = { readonly timeframe: Timeframe; readonly span: Kept }

const keyOf = ({ venue, symbol }: On, timeframe: string): string =>
  `${venue}|${symbol}|${timeframe}`

export const keepBar = (recent: RecentBars, bar: BarClosed, span: Kept): void => {
  const bars = (recent[keyOf(bar, bar.timeframe)] ??= [])
  bars.push(span)
  if (bars.length > BARS_KEPT) bars.shift()
}

const forgottenUntil = (bars: readonly Kept[]): number =>
  bars.length < BARS_KEPT ? -Infinity : bars[0]!.openTime

/**
 * The bars from `ts` on that have been read already, of the attempt's timeframe and finer ones, in the order
 * of the tape. Of a finer timeframe only those that tell of whole bars: the rest of a bar says nothing of
 * what came first in it. Null when bars of the attempt's own timeframe are forgotten: a label that left
 * them out could be wrong.
 */
export const missedBars = (recent: RecentBars, from: From): MissedBar[] | null => {
  const own = TIMEFRAME_MS[from.timeframe]
  const missed: MissedBar[] = []
  for (const [name, length] of Object.entries(TIMEFRAME_MS)) {
    const timeframe = name as Timeframe
    if (length > own) continue
    const bars = recent[keyOf(from, timeframe)] ?? []
    const forgotten = forgottenUntil(bars)
    if (length === own && forgotten > from.ts) return null
    for (const span of bars) {
      const barStart = span.openTime - (span.openTime % own)
      if (span.openTime >= from.ts && barStart >= forgotten) missed.push({ timeframe, span })
    }
  }
  return missed.toSorted(
    (a, b) =>
      a.span.closeTime - b.span.closeTime || TIMEFRAME_MS[a.timeframe] - TIMEFRAME_MS[b.timeframe],
  )
}
