import type { Features, Grade, Side, StrategyConfig } from '@tapedeck/contracts'
import { minuteOfDay, minutesOf } from '../calendar/index.ts'
import { fromSteps, parseStep } from '../market/index.ts'
import {
  box,
  checkedBoxes,
  priceText,
  withNumbers,
  type Evaluation,
  type ReadBox,
} from './evaluation.ts'
import { exitsProblem, reversionExits } from './exits.ts'
import { confirmsReversion } from './micro-confirmation.ts'
import { exhaustion } from './order-flow-evidence.ts'
import type { PointOfInterest } from './points-of-interest.ts'
import { inPrecedence, isFundingCrowded, orderFlowBox } from './trend-continuation.ts'

/** How far price is from VWAP on the side that reverts: 0, 2 or 3 standard deviations. */
export type Stretch = 0 | 2 | 3

/**
 * The band that price has reached on the side from which `side` would trade back to VWAP. Null while
 * VWAP is unknown. Bands without width (the first trades of a session) stretch nothing.
 */
export const stretchOf = (features: Features, side: Side): Stretch | null => {
  const { vwap, vwap_std: std } = features
  if (vwap === null || std === null) return null
  if (std <= 0) return 0
  const price = fromSteps(features.price_ticks, parseStep(features.tick_size))
  const reached = (bands: number): boolean =>
    side === 'BUY' ? price <= vwap - bands * std : price >= vwap + bands * std
  if (reached(3)) return 3
  return reached(2) ? 2 : 0
}

/** True inside the daily window, both ends included; a window whose end is earlier wraps midnight. */
export const isInWindow = (at: number, startUtc: string, endUtc: string): boolean => {
  const [now, start, end] = [minuteOfDay(at), minutesOf(startUtc), minutesOf(endUtc)]
  return start <= end ? start <= now && now <= end : now >= start || now <= end
}

/** S3 §6.3: C, and B only beyond three deviations with the rejection bar. */
const reversionGrade = (stretch: Stretch | null, exhausted: boolean, micro: boolean): Grade => {
  if (stretch === null || stretch === 0 || !exhausted) return 'INVALID'
  return stretch === 3 && micro ? 'B' : 'C'
}

/** The band as a price, rounded outward to a tick: reversion's own point of interest. */
const bandPoint = (
  features: Features,
  side: Side,
  stretch: Stretch | null,
): PointOfInterest | null => {
  const { vwap, vwap_std: std } = features
  if (vwap === null || std === null || stretch === null || stretch === 0) return null
  const step = parseStep(features.tick_size)
  const band = (side === 'BUY' ? vwap - stretch * std : vwap + stretch * std) / fromSteps(1, step)
  const ticks = side === 'BUY' ? Math.floor(band) : Math.ceil(band)
  return { name: `VWAP ${side === 'BUY' ? '-' : '+'}${stretch} deviations`, ticks }
}

/**
 * The five boxes as mean reversion reads them, so that its score is S3's: three for what it requires
 * (the late window stands in for a bias: it is what permits a trade against the move), one for the
 * rejection bar. Follow-through is no part of it.
 */
export const readReversionBoxes = (
  features: Features,
  side: Side,
  config: StrategyConfig,
): ReadBox[] => {
  const stretch = stretchOf(features, side)
  const { window_start_utc: start, window_end_utc: end } = config.mean_reversion
  const inside = isInWindow(features.at, start, end)
  const stretched = stretch !== null && stretch > 0
  const rejected = confirmsReversion(features.bars_15s, side, config.micro_outer_fraction)
  return [
    box(
      'BIAS',
      inside,
      `${inside ? 'inside' : 'outside'} the reversion window ${start}-${end} UTC`,
      () => ({ minute_of_day: minuteOfDay(features.at) }),
    ),
    box(
      'POI',
      stretched,
      stretched
        ? `price is ${stretch} deviations or more ${side === 'BUY' ? 'below' : 'above'} VWAP`
        : `price is not stretched ${side === 'BUY' ? 'below' : 'above'} VWAP`,
      () => ({
        price: priceText(features, features.price_ticks),
        vwap: features.vwap,
        vwap_std: features.vwap_std,
      }),
    ),
    orderFlowBox(features, exhaustion(features, side)),
    box('FOLLOWTHROUGH', false, 'not part of mean reversion', () => ({})),
    box('MICRO', rejected, rejected ? '15 s bar was rejected' : 'no 15 s rejection', () => ({
      bars: features.bars_15s.length,
      outer_fraction: config.micro_outer_fraction,
    })),
  ]
}

/**
 * Mean reversion to VWAP on one side (S3 §6.3). That the session must be profitable is risk's to
 * enforce: it knows the P&L.
 */
export const evaluateReversion = (
  features: Features,
  side: Side,
  config: StrategyConfig,
): Evaluation => {
  const stretch = stretchOf(features, side)
  const boxes = readReversionBoxes(features, side, config)
  const checked = checkedBoxes(boxes)
  const exhausted = checked.includes('ORDERFLOW')
  const grade = reversionGrade(stretch, exhausted, checked.includes('MICRO'))
  const exits = reversionExits(features, side, config.mean_reversion)
  const stands = grade !== 'INVALID'
  return {
    strategy: 'mean_reversion',
    side,
    grade,
    boxes: withNumbers(boxes),
    score: checked.length,
    poi: bandPoint(features, side, stretch),
    exits,
    reasons: inPrecedence({
      OUTSIDE_WINDOW: !checked.includes('BIAS'),
      NOT_STRETCHED: !checked.includes('POI'),
      NO_EXHAUSTION: !exhausted,
      GRADE_INVALID: !stands,
      FUNDING_CROWDED: isFundingCrowded(features, side),
      // Exits are judged only where there is a direction: elsewhere VWAP may lie on any side.
      STOP_INVALID:
        stands &&
        exits !== null &&
        exitsProblem(exits, features.price_ticks, side, config.min_stop_ticks) !== null,
      NOT_ENOUGH_DATA: stretch === null,
    }),
  }
}
