import { z } from 'zod'
import { Lots, Millis, Side, Symbol, Ticks, Venue } from '../values/scalars.ts'

const on = { venue: Venue, symbol: Symbol }
const windows = <T extends z.ZodType>(of: T) =>
  z.object({ '5s': of, '15s': of, '1m': of, '5m': of })

/** Order flow as it stands at a grid point, about once a second. Lots for sums, fractions for ratios. */
export const Measures = z.object({
  ...on,
  at: Millis,
  price_ticks: Ticks,
  delta_lots: windows(Lots),
  delta_ratio: windows(z.number()),
  volume_lots: windows(Lots),
  cvd_lots: Lots,
  /** Of the session, in quote units. */
  vwap: z.number().nullable(),
  vwap_std: z.number().nullable(),
  tainted_until: Millis.nullable(),
})
export type Measures = z.infer<typeof Measures>

export const AbsorptionStarted = z.object({
  ...on,
  at: Millis,
  /** The side whose aggression was absorbed: SELL means a passive buyer stood there. */
  side: Side,
  absorbed_lots: Lots,
  low_ticks: Ticks,
  high_ticks: Ticks,
  weighted_lots: z.number(),
  threshold_lots: z.number(),
  confidence: z.number(),
})
export type AbsorptionStarted = z.infer<typeof AbsorptionStarted>

export const AbsorptionEnded = z.object({
  ...on,
  side: Side,
  started_at: Millis,
  ended_at: Millis,
  peak_lots: Lots,
  low_ticks: Ticks,
  high_ticks: Ticks,
})
export type AbsorptionEnded = z.infer<typeof AbsorptionEnded>

export const TrapConfirmed = z.object({
  ...on,
  at: Millis,
  trapped_side: Side,
  trap_ticks: Ticks,
  price_ticks: Ticks,
  absorption_lots: Lots,
  estimated_stops_lots: z.number(),
  confidence: z.number(),
})
export type TrapConfirmed = z.infer<typeof TrapConfirmed>

export const DivergenceDetected = z.object({
  ...on,
  at: Millis,
  divergence: z.enum(['BEARISH', 'BULLISH']),
  price_change_fraction: z.number(),
  cvd_change_lots: Lots,
  atr_multiple: z.number(),
  confidence: z.number(),
})
export type DivergenceDetected = z.infer<typeof DivergenceDetected>

export const MarketStateName = z.enum(['BALANCE', 'IMBALANCE_UP', 'IMBALANCE_DOWN', 'UNKNOWN'])
export type MarketStateName = z.infer<typeof MarketStateName>

export const MarketStateChanged = z.object({
  ...on,
  at: Millis,
  state: MarketStateName,
  previous: MarketStateName,
  ib_high_ticks: Ticks.nullable(),
  ib_low_ticks: Ticks.nullable(),
  delta_trend_lots: Lots.nullable(),
})
export type MarketStateChanged = z.infer<typeof MarketStateChanged>

/** The parts of a bar that setups look at, in ticks and lots. */
export const BarShape = z.object({
  open_time: Millis,
  open_ticks: Ticks,
  high_ticks: Ticks,
  low_ticks: Ticks,
  close_ticks: Ticks,
  volume_lots: Lots,
  delta_lots: Lots,
})
export type BarShape = z.infer<typeof BarShape>

const profile = z.object({
  poc_ticks: Ticks,
  vah_ticks: Ticks,
  val_ticks: Ticks,
  volume_lots: Lots,
})
export const VolumeWall = z.object({
  price_ticks: Ticks,
  quantity_lots: Lots,
  /** Where the wall was seen: resting in the book, or traded in the session profile. */
  source: z.enum(['book', 'profile']),
})
export type VolumeWall = z.infer<typeof VolumeWall>

/**
 * Everything that a setup may look at, frozen at the close of a 15 s bar, with all that closed at the same
 * boundary already in. Unknown is null, never 0. Profiles: the POC is the middle of its bin, the value
 * area reaches to the outer edges of its bins.
 */
export const Features = z.object({
  ...on,
  at: Millis,
  tick_size: z.string(),
  lot_size: z.string(),
  session_id: z.string(),
  session_started_at: Millis,
  price_ticks: Ticks,
  /** The bar that just closed, last; at most three. */
  bars_15s: z.array(BarShape).max(3),
  /** The last five closed 15 m bars, oldest first; fewer while young. */
  bars_15m: z.array(BarShape).max(5),
  delta_ratio: windows(z.number()),
  delta_lots: windows(Lots),
  volume_lots: windows(Lots),
  cvd_lots: Lots,
  /** Price at the start of the 15 s window, for follow-through. */
  price_15s_ago_ticks: Ticks.nullable(),
  /** Sides that were absorbed at any grid point inside the bar. */
  absorbed: z.array(Side),
  /** Sides that were aggressive at any grid point inside the bar. */
  aggressive: z.array(Side),
  /** Sides trapped within the last two bars. */
  trapped: z.array(Side),
  /** What the last one-minute close said. */
  divergence: z.enum(['BEARISH', 'BULLISH']).nullable(),
  /** Wilder ATR, in quote units, as are vwap and vwap_std. */
  atr_15s: z.number().nullable(),
  atr_15m: z.number().nullable(),
  volatility_state: z.enum(['low', 'normal', 'high', 'extreme']).nullable(),
  vwap: z.number().nullable(),
  vwap_std: z.number().nullable(),
  profile_session: profile.nullable(),
  profile_previous: profile.nullable(),
  /** Last confirmed pivots of closed 15 m bars. */
  swing_high_ticks: Ticks.nullable(),
  swing_low_ticks: Ticks.nullable(),
  /** Last confirmed pivots of closed 15 s bars, for invalidation. */
  swing_high_15s_ticks: Ticks.nullable(),
  swing_low_15s_ticks: Ticks.nullable(),
  market_state: MarketStateName,
  initial_balance_done: z.boolean(),
  wall_below: VolumeWall.nullable(),
  wall_above: VolumeWall.nullable(),
  funding: z
    .object({
      rate: z.number(),
      crowding: z.enum(['LONG_CROWDED', 'SHORT_CROWDED', 'NEUTRAL']),
      extremity: z.number(),
      change_1h: z.number(),
      sentiment: z.enum(['bullish', 'bearish', 'neutral']),
      strength: z.number(),
      filter_long: z.boolean(),
      filter_short: z.boolean(),
    })
    .nullable(),
  /** Percent of mid; null without a book. */
  spread_percent: z.number().nullable(),
  /** Quote value resting within 0.1 % of mid; null without a book. */
  depth_quote: z.number().nullable(),
  volume_5m_quote: z.number(),
  tainted_until: Millis.nullable(),
})
export type Features = z.infer<typeof Features>
