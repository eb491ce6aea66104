import type { Random } from './random.ts'

/** What the market is doing for a while. Direction 1 is up, -1 down, 0 neither. */
export type EpisodeKind =
  | 'balance'
  | 'impulse'
  | 'pullback'
  | 'absorption'
  | 'drive'
  | 'stop_run'
  | 'drift'

export type Episode = {
  readonly kind: EpisodeKind
  readonly direction: -1 | 0 | 1
  /** Longest duration in ms. */
  readonly durationMs: number
  /** Ends earlier when fair value has moved this many ticks in its direction; null when time decides. */
  readonly distanceTicks: number | null
  /** Surplus of buyers among aggressors, -1 to 1. */
  readonly bias: number
  /** Multiplies the rate of orders. */
  readonly intensity: number
  /** Share of a sweep that stays in the price, with the flow and against it. */
  readonly impactWith: number
  readonly impactAgainst: number
  /** Hidden lots that rest against the flow at the touch, in mean order sizes; 0 for none. */
  readonly absorber: number
  /** Width of the range that price returns to, as a fraction of price; null when it does not. */
  readonly rangeFraction: number | null
}

const MINUTE = 60_000
type Maker = (random: Random, direction: -1 | 1, tickOf: (fraction: number) => number) => Episode

/**
 * The moves of an auction, each the cause of what an order-flow reader looks for: initiative flow with
 * little in its way, a tired retracement, aggression that meets a passive buyer or seller who does not
 * step back, the burst of those who were wrong, a raid on the stops beyond an extreme.
 */
const EPISODES: Readonly<Record<EpisodeKind, Maker>> = {
  balance: (random) => ({
    kind: 'balance',
    direction: 0,
    durationMs: random.between(4, 10) * MINUTE,
    distanceTicks: null,
    bias: 0,
    intensity: random.between(0.7, 1),
    impactWith: 0.45,
    impactAgainst: 0.45,
    absorber: 0,
    rangeFraction: random.between(0.0012, 0.002),
  }),
  drift: (random, direction) => ({
    kind: 'drift',
    direction,
    durationMs: random.between(2, 6) * MINUTE,
    distanceTicks: null,
    bias: direction * 0.05,
    intensity: 0.6,
    impactWith: 0.5,
    impactAgainst: 0.48,
    absorber: 0,
    rangeFraction: null,
  }),
  impulse: (random, direction, tickOf) => ({
    kind: 'impulse',
    direction,
    durationMs: random.between(3, 7) * MINUTE,
    distanceTicks: tickOf(random.between(0.001, 0.002)),
    bias: direction * random.between(0.25, 0.4),
    intensity: random.between(1.1, 1.5),
    impactWith: 0.3,
    impactAgainst: 0.29,
    absorber: 0,
    rangeFraction: null,
  }),
  pullback: (random, direction, tickOf) => ({
    kind: 'pullback',
    direction,
    durationMs: random.between(3, 6) * MINUTE,
    distanceTicks: tickOf(random.between(0.0008, 0.0016)),
    bias: direction * random.between(0.2, 0.3),
    intensity: random.between(0.6, 0.8),
    impactWith: 0.52,
    impactAgainst: 0.5,
    absorber: 0,
    rangeFraction: null,
  }),
  absorption: (random, direction) => ({
    kind: 'absorption',
    direction,
    durationMs: random.between(20, 30) * 1000,
    distanceTicks: null,
    bias: direction * random.between(0.6, 0.75),
    intensity: random.between(1.8, 2.4),
    impactWith: 0.12,
    impactAgainst: 0.12,
    absorber: 4000,
    rangeFraction: null,
  }),
  drive: (random, direction, tickOf) => ({
    kind: 'drive',
    direction,
    durationMs: random.between(30, 60) * 1000,
    distanceTicks: tickOf(random.between(0.0006, 0.0014)),
    bias: direction * random.between(0.65, 0.8),
    intensity: random.between(2.5, 3.5),
    impactWith: 0.14,
    impactAgainst: 0.13,
    absorber: 0,
    rangeFraction: null,
  }),
  stop_run: (random, direction, tickOf) => ({
    kind: 'stop_run',
    direction,
    durationMs: random.between(30, 70) * 1000,
    distanceTicks: tickOf(random.between(0.0008, 0.0014)),
    bias: direction * random.between(0.6, 0.8),
    intensity: random.between(2, 3),
    impactWith: 0.3,
    impactAgainst: 0.28,
    absorber: 0,
    rangeFraction: null,
  }),
}

/** Draws an episode. `tickOf` turns a fraction of price into ticks. */
export const drawEpisode = (
  kind: EpisodeKind,
  direction: -1 | 1,
  random: Random,
  tickOf: (fraction: number) => number,
): Episode => EPISODES[kind](random, direction, tickOf)
