import { maximum, minimum, type Dec } from '@tapedeck/core'
import type { Holding } from '../accounts/holding.ts'

/**
 * Where closing leaves nothing of the margin, in ticks: mark - margin / quantity, rounded so that nothing is
 * missing. Not further from the mark than limits may be, so that one who is liquidated on demand keeps what
 * is not lost.
 */
export const bankruptcyTicks = (holding: Holding, margin: Dec): number => {
  const { rules, markPrice } = holding.stake.market
  const mark = markPrice ?? rules.tickSize
  const exact = mark.minus(margin.div(rules.lotSize.times(holding.lots)))
  const isLong = holding.lots > 0
  const price = isLong
    ? maximum(exact, mark.times(rules.multiplierDown))
    : minimum(exact, mark.times(rules.multiplierUp))
  const ticks = price.div(rules.tickSize)
  return Math.max(1, (isLong ? ticks.ceil() : ticks.floor()).toNumber())
}
