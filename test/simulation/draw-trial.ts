import { Random } from '@tapedeck/core'
import type { FaultPlan } from '@tapedeck/venue-simulator'
import { drawFaults } from './draw-faults.ts'
import type { Mood } from './price-path.ts'

/** One life cycle of a trade, and what goes wrong meanwhile. Times in ms since its start. */
export type Trial = {
  readonly seed: number
  readonly side: 'BUY' | 'SELL'
  readonly lots: number
  /** Entry limit from the last price, in ticks towards a better price; negative crosses the spread. */
  readonly entryAway: number
  readonly stopAway: number
  readonly targetAway: number
  readonly approveAt: number
  readonly moods: readonly { readonly at: number; readonly mood: Mood }[]
  /** The price jumps by so many ticks. */
  readonly jumps: readonly { readonly at: number; readonly ticks: number }[]
  /** When an hour begins, at which funding is paid; null when none does. */
  readonly fundingAt: number | null
  readonly fundingRate: number
  readonly faults: FaultPlan
  readonly lateShare: number
  readonly executionCrashes: readonly { readonly at: number; readonly downMs: number }[]
  readonly reconcilerCrashes: readonly { readonly at: number; readonly downMs: number }[]
  /** Risk wants out at the latest now. */
  readonly flattenAt: number
}

/** Faults end here. */
export const CALM_AT = 75_000
const APPROVE_AT = 8_000

const drawMoods = (random: Random, side: 1 | -1): Trial['moods'] => {
  const noise = random.pick([3, 8, 16])
  const towards = random.pick([-1, -1, 0, 1, 1]) * side
  const first = { drift: -side * random.pick([0, 2, 4]), noise }
  const later = { drift: towards * random.between(0.3, 3), noise }
  const turn = { drift: -towards * random.between(0, 4), noise: random.pick([4, 20]) }
  return [
    { at: APPROVE_AT, mood: first },
    { at: APPROVE_AT + random.integer(2_000, 8_000), mood: later },
    { at: random.integer(30_000, 60_000), mood: turn },
    { at: CALM_AT, mood: { drift: 0, noise: 6 } },
  ]
}

const drawCrashes = (random: Random, chance: number): Trial['executionCrashes'] => {
  if (!random.chance(chance)) return []
  return Array.from({ length: random.integer(1, 3) }, () => ({
    // Most of what matters happens in the seconds after the approval.
    at: random.chance(0.7)
      ? random.integer(APPROVE_AT, APPROVE_AT + 6_000)
      : random.integer(APPROVE_AT, CALM_AT - 10_000),
    downMs: random.pick([50, 400, 3_000, 12_000]),
  })).toSorted((a, b) => a.at - b.at)
}

/** The trial of a seed: the same for ever. */
export const drawTrial = (seed: number): Trial => {
  const random = new Random(seed)
  const side = random.pick(['BUY', 'SELL'] as const)
  const stopAway = random.integer(25, 200)
  return {
    seed,
    side,
    lots: random.integer(10, 300),
    entryAway: random.pick([-20, -6, 0, 4, 15, 60]),
    stopAway,
    targetAway: Math.max(25, Math.round(stopAway * random.between(0.6, 2.5))),
    approveAt: APPROVE_AT,
    moods: drawMoods(random, side === 'BUY' ? 1 : -1),
    jumps: random.chance(0.15)
      ? [{ at: random.integer(APPROVE_AT, 50_000), ticks: random.pick([-900, -250, 250, 900]) }]
      : [],
    fundingAt: random.chance(0.4) ? random.integer(APPROVE_AT + 1_000, CALM_AT) : null,
    fundingRate: random.pick([0.0001, -0.0003, 0.0012]),
    faults: drawFaults(seed, random),
    lateShare: random.chance(0.25) ? random.pick([0.1, 0.4]) : 0,
    executionCrashes: drawCrashes(random, 0.3),
    reconcilerCrashes: drawCrashes(random, 0.1),
    flattenAt: random.chance(0.2) ? random.integer(20_000, 60_000) : CALM_AT + 15_000,
  }
}
