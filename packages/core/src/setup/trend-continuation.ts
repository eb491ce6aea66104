import { NoSignalReason, type Features, type Side, type StrategyConfig } from '@tapedeck/contracts'
import { BIAS_BARS, type Bias } from './bias.ts'
import {
  box,
  checkedBoxes,
  priceText,
  withNumbers,
  type Evaluation,
  type ReadBox,
} from './evaluation.ts'
import { exitsProblem, trendExits, type Exits } from './exits.ts'
import { followThroughBox } from './follow-through.ts'
import { gradeOf } from './grade.ts'
import { confirmsContinuation } from './micro-confirmation.ts'
import { supportingOrderFlow } from './order-flow-evidence.ts'
import {
  distanceFraction,
  nearestPointOfInterest,
  pointsOfInterest,
  type PointOfInterest,
} from './points-of-interest.ts'

/** The 15 m bias as it stands, and whether price has broken it since its last bar closed. */
export type BiasState = { readonly bias: Bias | null; readonly broken: boolean }

const biasBox = (features: Features, side: Side, { bias, broken }: BiasState): ReadBox => {
  const numbers: ReadBox['numbers'] = () => ({
    bars: features.bars_15m.length,
    delta_lots: bias?.delta_lots ?? null,
    invalidation: bias === null ? null : priceText(features, bias.invalidation_ticks),
  })
  if (bias === null) return box('BIAS', false, 'no clear 15 m bias', numbers)
  if (broken) return box('BIAS', false, `the 15 m ${bias.side} bias was invalidated`, numbers)
  return bias.side === side
    ? box('BIAS', true, `15 m bias is ${bias.side}`, numbers)
    : box('BIAS', false, `counter-trend: 15 m bias is ${bias.side}`, numbers)
}

const poiBox = (features: Features, poi: PointOfInterest | null, tolerance: number): ReadBox => {
  const distance = poi === null ? null : distanceFraction(features.price_ticks, poi.ticks)
  const there = distance !== null && distance <= tolerance
  const note =
    poi === null ? 'no point of interest known' : `${there ? 'at' : 'not at'} the ${poi.name}`
  return box('POI', there, note, () => ({
    price: priceText(features, features.price_ticks),
    poi: poi === null ? null : priceText(features, poi.ticks),
    distance_fraction: distance,
    tolerance_fraction: tolerance,
  }))
}

/** Box 3. The numbers are those behind aggression; what was seen is in the note. */
export const orderFlowBox = (features: Features, note: string | null): ReadBox =>
  box('ORDERFLOW', note !== null, note ?? 'no supporting order flow', () => ({
    absorbed: features.absorbed.join(' ') || null,
    aggressive: features.aggressive.join(' ') || null,
    trapped: features.trapped.join(' ') || null,
    divergence: features.divergence,
    delta_ratio_5s: features.delta_ratio['5s'],
    volume_5s_lots: features.volume_lots['5s'],
  }))

const microBox = (features: Features, side: Side, outer: number): ReadBox => {
  const bar = features.bars_15s.at(-1)
  const confirmed = confirmsContinuation(bar, side, outer)
  return box(
    'MICRO',
    confirmed,
    confirmed ? '15 s bar confirms' : '15 s bar does not confirm',
    () => ({
      open: bar === undefined ? null : priceText(features, bar.open_ticks),
      high: bar === undefined ? null : priceText(features, bar.high_ticks),
      low: bar === undefined ? null : priceText(features, bar.low_ticks),
      close: bar === undefined ? null : priceText(features, bar.close_ticks),
      delta_lots: bar?.delta_lots ?? null,
      outer_fraction: outer,
    }),
  )
}

/** True when contrarian funding sentiment speaks against this side. Unknown funding filters nothing. */
export const isFundingCrowded = (features: Features, side: Side): boolean =>
  features.funding !== null &&
  (side === 'BUY' ? features.funding.filter_long : features.funding.filter_short)

/** Reasons in the order of the closed list, which is their order of precedence. */
export const inPrecedence = (failed: Partial<Record<NoSignalReason, boolean>>): NoSignalReason[] =>
  NoSignalReason.options.filter((reason) => failed[reason] === true)

const nearestPoint = (features: Features): PointOfInterest | null =>
  nearestPointOfInterest(features.price_ticks, pointsOfInterest(features))

/** The five boxes of trend continuation on one side, in their order. */
export const readTrendBoxes = (
  features: Features,
  side: Side,
  biasState: BiasState,
  config: StrategyConfig,
): ReadBox[] => [
  biasBox(features, side, biasState),
  poiBox(features, nearestPoint(features), config.poi_tolerance_fraction),
  orderFlowBox(features, supportingOrderFlow(features, side)),
  followThroughBox(features, side, config),
  microBox(features, side, config.micro_outer_fraction),
]

/**
 * Trend continuation on one side (S3 §6.2). Filters that fail do not stop the boxes from being read,
 * so that a near miss is kept with its reasons. A side against the bias is judged too, and never
 * signalled. UNKNOWN market state does not filter, as in S3; BALANCE does.
 */
export const evaluateTrend = (
  features: Features,
  side: Side,
  biasState: BiasState,
  config: StrategyConfig,
): Evaluation => {
  const boxes = readTrendBoxes(features, side, biasState, config)
  const checked = checkedBoxes(boxes)
  const grade = gradeOf(checked)
  const exits: Exits = trendExits(features, side, config.trend)
  const ours = biasState.bias?.side === side
  return {
    strategy: 'trend_continuation',
    side,
    grade,
    boxes: withNumbers(boxes),
    score: checked.length,
    poi: checked.includes('POI') ? nearestPoint(features) : null,
    exits,
    reasons: inPrecedence({
      INITIAL_BALANCE: !features.initial_balance_done,
      NO_BIAS: !ours,
      BIAS_INVALIDATED: ours && biasState.broken,
      MARKET_IN_BALANCE: features.market_state === 'BALANCE',
      GRADE_INVALID: grade === 'INVALID',
      FUNDING_CROWDED: isFundingCrowded(features, side),
      STOP_INVALID: exitsProblem(exits, features.price_ticks, side, config.min_stop_ticks) !== null,
      NOT_ENOUGH_DATA: features.bars_15m.length < BIAS_BARS,
    }),
  }
}
