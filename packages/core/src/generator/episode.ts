import type { Random } from './random.ts'

/** What the market is doing for a while. Direction 1 is up, -1 down, 0 neither. */
export type EpisodeKind =
  | 'quiet'
  | 'campaign'
  | 'absorption'
  | 'drive'
  | 'stop_run'
  | 'balance'
  | 'impulse'
  | 'pullback'
  | 'drift'

export type Episode = {
  readonly kind: EpisodeKind
  readonly direction: -1 | 0 | 1
  /** Longest duration in ms. */
  readonly durationMs: number
  /** Ends earlier when price has moved this many ticks in its direction; null when time decides. */
  readonly distanceTicks: number | null
  /** Surplus of buyers among aggressors, -1 to 1, on top of what persists of the flow before. */
  readonly bias: number
  /** Multiplies the rate of orders. */
  readonly intensity: number
  /** Multiplies what liquidity providers answer to an order. */
  readonly impact: number
  /** How long it takes providers to price the bias, ms: what they have not priced yet moves the price. */
  readonly newsMs: number
  /** Share of the bias that they never price: price keeps going with it. Only what acts direct has one. */
  readonly unpriced: number
  /** Share of what is not priced that tells nothing of value (stops): what it moved comes back. */
  readonly forced: number
  /** Hidden lots that rest against the flow at the touch, in mean order sizes; 0 for none. */
  readonly absorber: number
  /** Width of the range that price returns to, as a fraction of price; null when it does not. */
  readonly rangeFraction: number | null
}

const SECOND = 1000
const MINUTE = 60_000

const QUIET: Episode = {
  kind: 'quiet',
  direction: 0,
  durationMs: 0,
  distanceTicks: null,
  bias: 0,
  intensity: 1,
  impact: 1,
  newsMs: 0,
  unpriced: 0,
  forced: 0,
  absorber: 0,
  rangeFraction: null,
}

type Draw = {
  readonly random: Random
  readonly direction: -1 | 1
  readonly tickOf: (fraction: number) => number
}
type Maker = (draw: Draw) => Partial<Episode>

/**
 * The moves of an auction, each the cause of what an order-flow reader looks for: a big order worked for
 * minutes, aggression that meets a passive side who does not step back, the burst of those who know or of
 * those who were wrong, a raid on the stops beyond an extreme. The last four are directed by acts alone:
 * initiative that goes on, a tired retracement, a range.
 */
const EPISODES: Readonly<Record<EpisodeKind, Maker>> = {
  quiet: ({ random }) => ({
    direction: 0,
    durationMs: random.between(2, 10) * MINUTE,
    intensity: random.between(0.8, 1),
  }),
  campaign: ({ random, direction }) => ({
    durationMs: random.between(2, 8) * MINUTE,
    bias: direction * random.between(0.03, 0.08),
    newsMs: 4 * SECOND,
  }),
  absorption: ({ random, direction }) => ({
    durationMs: random.between(15, 35) * SECOND,
    bias: direction * random.between(0.35, 0.55),
    intensity: random.between(1.4, 2),
    impact: 0.3,
    absorber: random.between(60, 700),
  }),
  drive: ({ random, direction, tickOf }) => ({
    durationMs: random.between(3, 8) * SECOND,
    distanceTicks: tickOf(random.between(0.001, 0.002)),
    bias: direction * random.between(0.4, 0.7),
    intensity: random.between(1.6, 2.4),
    newsMs: random.between(0.4, 1.2) * SECOND,
  }),
  stop_run: ({ random, direction }) => ({
    durationMs: random.between(3, 8) * SECOND,
    bias: direction * random.between(0.5, 0.8),
    intensity: random.between(2, 3),
    newsMs: random.between(0.4, 1.2) * SECOND,
    forced: random.between(0.2, 0.8),
  }),
  balance: ({ random }) => ({
    direction: 0,
    durationMs: random.between(4, 10) * MINUTE,
    intensity: random.between(0.7, 1),
    unpriced: 0.06,
    rangeFraction: random.between(0.0012, 0.002),
  }),
  impulse: ({ random, direction, tickOf }) => ({
    durationMs: random.between(3, 7) * MINUTE,
    distanceTicks: tickOf(random.between(0.001, 0.002)),
    bias: direction * random.between(0.25, 0.4),
    intensity: random.between(1.1, 1.5),
    unpriced: 0.08,
  }),
  pullback: ({ random, direction, tickOf }) => ({
    durationMs: random.between(3, 6) * MINUTE,
    distanceTicks: tickOf(random.between(0.0008, 0.0016)),
    bias: direction * random.between(0.2, 0.3),
    intensity: random.between(0.6, 0.8),
    unpriced: 0.08,
  }),
  drift: ({ random, direction }) => ({
    durationMs: random.between(2, 6) * MINUTE,
    bias: direction * 0.05,
    intensity: 0.6,
    unpriced: 0.1,
  }),
}

/** Draws an episode. `tickOf` turns a fraction of price into ticks. */
export const drawEpisode = (kind: EpisodeKind, draw: Draw): Episode => ({
  ...QUIET,
  kind,
  direction: draw.direction,
  ...EPISODES[kind](draw),
})
