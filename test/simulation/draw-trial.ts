import { Random } from '@tapedeck/core'
import type { FaultPlan } from '@tapedeck/venue-simulator'
import { drawFaults } from './draw-faults.ts'
import { drawMarketTroubles, type MarketTrouble } from './draw-market-troubles.ts'
import { INSTRUMENTS, instrumentOf } from './instruments.ts'
import type { Mood } from './price-path.ts'

/** One idea in one symbol. Times in ms since the start. */
export type Leg = {
  readonly symbol: string
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
}

export type Outage = { readonly at: number; readonly downMs: number }

/** One life cycle of a trade, or of several at once, and what goes wrong meanwhile. Times in ms since its start. */
export type Trial = {
  readonly seed: number
  /** At most one a symbol. */
  readonly legs: readonly [Leg, ...Leg[]]
  /** When an hour begins, at which funding is paid; null when none does. */
  readonly fundingAt: number | null
  readonly fundingRate: number
  readonly faults: FaultPlan
  readonly lateShare: number
  readonly executionCrashes: readonly Outage[]
  readonly reconcilerCrashes: readonly Outage[]
  /** Execution stands still, with all that it has in hand, and goes on later; its lease ends meanwhile. */
  readonly executionPauses: readonly Outage[]
  readonly marketTroubles: readonly MarketTrouble[]
  /** The dead man's switch of somebody else on the account goes off. */
  readonly countdownAt: number | null
  /** Risk wants out at the latest now. */
  readonly flattenAt: number
}

/** Faults end here. */
export const CALM_AT = 75_000
const APPROVE_AT = 8_000

const drawMoods = (random: Random, side: 1 | -1): Leg['moods'] => {
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

const drawOutages = (random: Random, chance: number, lengths: readonly number[]): Outage[] => {
  if (!random.chance(chance)) return []
  return Array.from({ length: random.integer(1, 3) }, () => ({
    // Most of what matters happens in the seconds after the approval.
    at: random.chance(0.7)
      ? random.integer(APPROVE_AT, APPROVE_AT + 6_000)
      : random.integer(APPROVE_AT, CALM_AT - 10_000),
    downMs: random.pick(lengths),
  })).toSorted((a, b) => a.at - b.at)
}

const drawLeg = (random: Random, symbol: string, approveAt: number, scale: number): Leg => {
  const side = random.pick(['BUY', 'SELL'] as const)
  const stopAway = random.integer(25, 200)
  return {
    symbol,
    side,
    lots: random.integer(10, 300) * scale,
    entryAway: random.pick([-20, -6, 0, 4, 15, 60]),
    stopAway,
    targetAway: Math.max(25, Math.round(stopAway * random.between(0.6, 2.5))),
    approveAt,
    moods: drawMoods(random, side === 'BUY' ? 1 : -1),
    jumps: random.chance(0.15)
      ? [{ at: random.integer(APPROVE_AT, 50_000), ticks: random.pick([-900, -250, 250, 900]) }]
      : [],
  }
}

/** Trades in other symbols, most often approved while the first is still being entered. */
const drawFurther = (random: Random): Leg[] => {
  const [, ...others] = INSTRUMENTS
  const count = random.pick([0, 0, 0, 1, 1, 2])
  return others
    .slice(0, count)
    .map(({ symbol, scale }) =>
      drawLeg(random, symbol, APPROVE_AT + random.pick([0, 300, 4_000, 15_000]), scale),
    )
}

const CRASH_MS = [50, 400, 3_000, 12_000]
/** A lease outlasts the shortest of them, and no other. */
const PAUSE_MS = [1_500, 5_000, 9_000, 16_000, 30_000]

/** The price of every symbol jumps at once: what protects all trades is set off together. */
const drawCrash = (random: Random): ((leg: Leg) => Leg) => {
  if (!random.chance(0.06)) return (leg) => leg
  const at = random.integer(APPROVE_AT, 50_000)
  const share = random.pick([-0.02, -0.004, 0.004, 0.02])
  return (leg) => {
    const ticks = Math.round(instrumentOf(leg.symbol).startTicks * share)
    return { ...leg, jumps: [...leg.jumps, { at, ticks }] }
  }
}

/** The trial of a seed: the same for ever. */
export const drawTrial = (seed: number): Trial => {
  const random = new Random(seed)
  // Of its own, so that what was added later does not change what was drawn before.
  const further = new Random(seed ^ 0x2c1b3c6d)
  const first = drawLeg(random, INSTRUMENTS[0].symbol, APPROVE_AT, 1)
  const fundingAt = random.chance(0.4) ? random.integer(APPROVE_AT + 1_000, CALM_AT) : null
  const fundingRate = random.pick([0.0001, -0.0003, 0.0012])
  const faults = drawFaults(seed, random, further)
  const legs = drawFurther(further)
  const crash = drawCrash(further)
  return {
    seed,
    legs: [crash(first), ...legs.map(crash)],
    fundingAt,
    fundingRate,
    faults,
    lateShare: random.chance(0.25) ? random.pick([0.1, 0.4]) : 0,
    executionCrashes: drawOutages(random, 0.3, CRASH_MS),
    reconcilerCrashes: drawOutages(random, 0.1, CRASH_MS),
    executionPauses: drawOutages(further, 0.12, PAUSE_MS).slice(0, 1),
    marketTroubles: drawMarketTroubles(further),
    countdownAt: further.chance(0.03) ? further.integer(APPROVE_AT, 30_000) : null,
    flattenAt: random.chance(0.2) ? random.integer(20_000, 60_000) : CALM_AT + 15_000,
  }
}
