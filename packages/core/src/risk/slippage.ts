import type { RiskConfig } from '@tapedeck/contracts'

/** Real slippages kept for calibration, newest last. */
const SLIPPAGES_KEPT = 100
/** From this many on, their mean replaces the configured base. */
const CALIBRATED_FROM = 20
/** This many make an estimate fully trusted. */
const CONFIDENT_FROM = 50
/** Percent per multiple of the depth that the order exceeds it by. */
const DEPTH_PENALTY_PERCENT = 0.1
const REDUCE_ABOVE_PERCENT = 0.05

/** All in percent of price. */
export type SlippageEstimate = {
  readonly expected_percent: number
  readonly confidence: number
  readonly recommendation: 'proceed' | 'reduce_size' | 'abort'
}

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length

/** What a fill slipped, in percent of the expected price, whichever way (S3 §8.2). */
export const slippagePercent = (expectedPrice: number, actualPrice: number): number =>
  (Math.abs(actualPrice - expectedPrice) / expectedPrice) * 100

/** The list with one more slippage, bounded. */
export const withSlippage = (recorded: readonly number[], percent: number): number[] =>
  [...recorded, percent].slice(-SLIPPAGES_KEPT)

/**
 * S3 §8.2. Sizes and volumes in the quote asset; unknown volume or depth (0) counts as 1 × the order,
 * as there: no volume costs the full impact, no book costs nothing. `recorded` calibrates the base.
 */
export const estimateSlippage = (
  order: {
    readonly size_quote: number
    readonly volume_5m_quote: number
    readonly spread_percent: number
    readonly depth_quote: number
  },
  recorded: readonly number[],
  config: Pick<RiskConfig, 'slippage' | 'max_slippage_percent'>,
): SlippageEstimate => {
  const { base_percent, volume_impact, spread_multiplier } = config.slippage
  // A calibrated mean of exactly zero is no calibration (S3 falls back to the base there).
  const calibrated = recorded.length >= CALIBRATED_FROM ? mean(recorded) : 0
  const base = calibrated > 0 ? calibrated : base_percent
  const volumes = order.volume_5m_quote > 0 ? order.size_quote / order.volume_5m_quote : 1
  const depths = order.depth_quote > 0 ? order.size_quote / order.depth_quote : 1
  const expected_percent =
    base +
    volumes * volume_impact +
    order.spread_percent * spread_multiplier +
    Math.max(0, (depths - 1) * DEPTH_PENALTY_PERCENT)
  return {
    expected_percent,
    confidence: Math.min(1, recorded.length / CONFIDENT_FROM),
    recommendation:
      expected_percent > config.max_slippage_percent
        ? 'abort'
        : expected_percent > REDUCE_ABOVE_PERCENT
          ? 'reduce_size'
          : 'proceed',
  }
}
