import type { Random } from '@tapedeck/core'

/**
 * What happens to our own view of a market, while the venue's own goes on. `down`: nothing comes but the clock
 * of the feed, and what was missed comes at once when it is up again. `silent`: not even the clock comes, as when
 * ingest is gone. `gap`: prints are missing for good. Times in ms since the start.
 */
export type MarketTrouble = {
  readonly kind: 'late' | 'gap' | 'duplicated' | 'reordered' | 'down' | 'silent'
  readonly at: number
  readonly forMs: number
  /** How late what comes late is; of what can be missing or come twice, how much does. */
  readonly lateMs: number
  readonly share: number
}

const KINDS = ['late', 'gap', 'duplicated', 'reordered', 'down', 'silent'] as const

/** In one seed of six, one or two troubles. */
export const drawMarketTroubles = (random: Random): MarketTrouble[] => {
  if (!random.chance(1 / 6)) return []
  return Array.from({ length: random.integer(1, 2) }, () => ({
    kind: random.pick(KINDS),
    at: random.chance(0.7) ? random.integer(8_000, 16_000) : random.integer(8_000, 50_000),
    forMs: random.pick([1_000, 5_000, 15_000, 30_000]),
    lateMs: random.pick([300, 1_500, 6_000]),
    share: random.pick([0.1, 0.5, 1]),
  })).toSorted((a, b) => a.at - b.at)
}
