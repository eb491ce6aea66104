import type { OrderFlowConfig, VolumeWall } from '@tapedeck/contracts'
import type { VolumeProfile } from '../indicators/index.ts'
import type { OrderBook } from '../order-book/index.ts'
import { pocTicksOf } from './profiles.ts'

export type WallConfig = OrderFlowConfig['wall']
export type WallSide = 'below' | 'above'

/** Levels that are looked at: far more than a book has within the distance. */
const LEVELS_MAX = 10_000

const medianOf = (lots: readonly number[]): number => {
  const sorted = lots.toSorted((a, b) => a - b)
  const middle = sorted.length >>> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The nearest resting level within the distance that is large against the median of the best levels. */
export const bookWall = (
  book: OrderBook,
  side: WallSide,
  priceTicks: number,
  config: WallConfig,
): VolumeWall | null => {
  const { ticks, lots } = book.levels(side === 'below' ? 'bid' : 'ask', LEVELS_MAX)
  if (ticks.length === 0) return null
  const least = medianOf(lots.slice(0, config.levels)) * config.median_multiple
  const reach = priceTicks * config.distance_fraction
  for (let i = 0; i < ticks.length; i++) {
    const distance = side === 'below' ? priceTicks - ticks[i]! : ticks[i]! - priceTicks
    if (distance > reach) return null
    if (distance > 0 && lots[i]! >= least)
      return { price_ticks: ticks[i]!, quantity_lots: lots[i]!, source: 'book' }
  }
  return null
}

/**
 * The nearest high-volume node of the session profile within the distance: a bin that traded more than
 * the average one and at least as much as its neighbors.
 */
export const profileWall = (
  profile: VolumeProfile,
  width: number,
  side: WallSide,
  priceTicks: number,
  config: WallConfig,
): VolumeWall | null => {
  const bins = profile.bins()
  const mean = bins.reduce((sum, { lots }) => sum + lots, 0) / Math.max(1, bins.length)
  const reach = priceTicks * config.distance_fraction
  let nearest: VolumeWall | null = null
  let nearestDistance = Infinity
  for (let i = 0; i < bins.length; i++) {
    const { bin, lots } = bins[i]!
    const ticks = pocTicksOf(bin, width)
    const distance = side === 'below' ? priceTicks - ticks : ticks - priceTicks
    if (distance <= 0 || distance > reach || distance >= nearestDistance) continue
    const isPeak = lots >= (bins[i - 1]?.lots ?? 0) && lots >= (bins[i + 1]?.lots ?? 0)
    if (lots <= mean || !isPeak) continue
    nearest = { price_ticks: ticks, quantity_lots: lots, source: 'profile' }
    nearestDistance = distance
  }
  return nearest
}
