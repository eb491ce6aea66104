import type { BarClosed, SetupOutcomeDecided } from '@tapedeck/contracts'
import type { SetupTransition } from '@tapedeck/core'

/** What was counted of one symbol, timeframe and UTC year of the bar. Outcomes belong to the bar of their attempt. */
export type ScanCounts = {
  readonly venue: string
  readonly symbol: string
  readonly timeframe: string
  readonly year: number
  bars: number
  compression_candidate: number
  break_attempt: number
  up: number
  down: number
  /** Compressions that ended without a break: time ran out, or volatility burst open. */
  expired: number
  expanded: number
  hit_1r: number
  hit_stop: number
  ttl_expired: number
  /** Attempts that the data ends before. */
  open: number
  ambiguous: number
  /** Sum of r_achieved over decided attempts. */
  r_sum: number
}

const yearOf = (at: number): number => new Date(at).getUTCFullYear()

/** Counts by symbol, timeframe and year, in the order in which they came up. */
export class ScanTally {
  readonly #groups = new Map<string, ScanCounts>()

  get groups(): ScanCounts[] {
    return [...this.#groups.values()]
  }

  bar(bar: BarClosed, transition: SetupTransition): void {
    const counts = this.#of(bar, bar.open_time)
    counts.bars++
    if (transition === null) return
    if (transition.kind === 'compressed') counts.compression_candidate++
    else if (transition.kind === 'broke') {
      counts.break_attempt++
      counts.open++
      counts[transition.direction]++
    } else if (transition.why === 'EXPIRED') counts.expired++
    else if (transition.why === 'EXPANDED') counts.expanded++
  }

  outcome(decided: SetupOutcomeDecided, attemptedAt: number): void {
    const counts = this.#of(decided, attemptedAt)
    counts.open--
    counts[decided.outcome]++
    if (decided.ambiguous) counts.ambiguous++
    counts.r_sum += decided.r_achieved
  }

  #of(on: Pick<ScanCounts, 'venue' | 'symbol' | 'timeframe'>, at: number): ScanCounts {
    const year = yearOf(at)
    const key = `${on.venue} ${on.symbol} ${on.timeframe} ${year}`
    const found = this.#groups.get(key) ?? emptyCounts(on, year)
    this.#groups.set(key, found)
    return found
  }
}

const emptyCounts = (
  { venue, symbol, timeframe }: Pick<ScanCounts, 'venue' | 'symbol' | 'timeframe'>,
  year: number,
): ScanCounts => ({
  venue,
  symbol,
  timeframe,
  year,
  bars: 0,
  compression_candidate: 0,
  break_attempt: 0,
  up: 0,
  down: 0,
  expired: 0,
  expanded: 0,
  hit_1r: 0,
  hit_stop: 0,
  ttl_expired: 0,
  open: 0,
  ambiguous: 0,
  r_sum: 0,
})

/** Decided attempts, and the mean of what they made in R; null without any. */
export const expectancy = (counts: ScanCounts): number | null => {
  const decided = counts.hit_1r + counts.hit_stop + counts.ttl_expired
  return decided === 0 ? null : counts.r_sum / decided
}
