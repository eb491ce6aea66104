import type { Random } from '@tapedeck/core'
import type { PlannedFault } from '@tapedeck/venue-simulator'

type Planned = PlannedFault

/** Faults strike in this part of a trial. */
export const PLAIN = {
  on: {},
  from_ms: 4_000,
  until_ms: 70_000,
  lasting_ms: 0,
  times: null,
} as const

/** Strikes some of what it can, or the nth of it. */
export const some = (random: Random): Planned['when'] =>
  random.chance(0.5)
    ? { kind: 'probability', probability: random.pick([0.05, 0.2, 0.5]) }
    : { kind: 'nth', nth: random.integer(1, 4) }

/** A moment when a trade is most likely under way. */
export const moment = (random: Random): Planned['when'] => ({
  kind: 'at',
  times_ms: [random.integer(9_000, 45_000)],
})
