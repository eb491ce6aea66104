import type { BarShape, Features, Side } from '@tapedeck/contracts'
import { fromSteps, parseStep } from '../market/index.ts'

/** Closed 15 m bars that a bias is read from. */
export const BIAS_BARS = 5

/** The direction of the 15 m structure, and the price beyond which it no longer holds. */
export type Bias = {
  readonly side: Side
  readonly invalidation_ticks: number
  readonly delta_lots: number
}

const rises = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value > values[i - 1]!)
const falls = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value < values[i - 1]!)

/**
 * Bias of five closed 15 m bars (S3 §6.2): every high or every low beyond the one before, and the sum
 * of the deltas on the same side. Null when the structure says nothing or there are fewer bars.
 */
export const biasOf = (bars: readonly BarShape[]): Bias | null => {
  if (bars.length < BIAS_BARS) return null
  const recent = bars.slice(-BIAS_BARS)
  const highs = recent.map((bar) => bar.high_ticks)
  const lows = recent.map((bar) => bar.low_ticks)
  const delta_lots = recent.reduce((total, bar) => total + bar.delta_lots, 0)
  if ((rises(highs) || rises(lows)) && delta_lots > 0)
    return { side: 'BUY', invalidation_ticks: Math.min(...lows), delta_lots }
  if ((falls(highs) || falls(lows)) && delta_lots < 0)
    return { side: 'SELL', invalidation_ticks: Math.max(...highs), delta_lots }
  return null
}

/** True when price has left the bias's structure on the wrong side. */
export const isBiasBroken = (bias: Bias, priceTicks: number): boolean =>
  bias.side === 'BUY' ? priceTicks < bias.invalidation_ticks : priceTicks > bias.invalidation_ticks

/** The optional further condition: price on the bias's side of VWAP. False while VWAP is unknown. */
export const isOnVwapSide = (bias: Bias, features: Features): boolean => {
  if (features.vwap === null) return false
  const price = fromSteps(features.price_ticks, parseStep(features.tick_size))
  return bias.side === 'BUY' ? price > features.vwap : price < features.vwap
}
