import type { BarClosed } from '@tapedeck/contracts'
import { fromSteps, parseStep } from '../market/index.ts'

/** A closed bar as indicators read it: prices in quote units, volume in the base asset. */
export type FeatureBar = {
  readonly openTime: number
  readonly closeTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  /** Trades are known to be missing inside. */
  readonly tainted: boolean
}

/** The bar of a message. Each number is the float64 nearest to its decimal, as any other tool reads it. */
export const featureBarOf = (bar: BarClosed): FeatureBar => {
  const tick = parseStep(bar.tick_size)
  return {
    openTime: bar.open_time,
    closeTime: bar.close_time,
    open: fromSteps(bar.open_ticks, tick),
    high: fromSteps(bar.high_ticks, tick),
    low: fromSteps(bar.low_ticks, tick),
    close: fromSteps(bar.close_ticks, tick),
    volume: fromSteps(bar.volume_lots, parseStep(bar.lot_size)),
    tainted: bar.tainted,
  }
}
