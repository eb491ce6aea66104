import { dec, type Dec } from '@tapedeck/core'
import type { LeverageBracket } from '../exchange-instrument.ts'
import type { Holding } from '../accounts/holding.ts'
import { bracketOf, maintenanceMargin } from '../accounts/margin.ts'

/** What backs a position when it is liquidated, all at the mark. */
export type LiquidationTerms = {
  readonly margin: Dec
  /** Maintenance of everything else that the margin carries. */
  readonly otherMaintenance: Dec
}

/** Brackets below the one that a notional lies in, the highest first. */
const lowerBrackets = (
  brackets: readonly LeverageBracket[],
  notional: Dec,
): readonly LeverageBracket[] => {
  const own = bracketOf(brackets, notional)
  return brackets.filter(({ notionalCap }) => notionalCap <= own.notionalFloor).toReversed()
}

/**
 * Lots that are to be closed: as many as bring the position down into the highest bracket whose maintenance
 * margin what is left would meet, after the clearance fee of what was closed; all of them where none is
 * (Binance, "Liquidation Protocols"). In small brackets the fee is more than the margin that closing frees:
 * positions there are closed as a whole.
 */
export const lotsToLiquidate = (holding: Holding, terms: LiquidationTerms): number => {
  const { market } = holding.stake
  const { instrument, liquidationFee, lotSize } = market.rules
  const all = Math.abs(holding.lots)
  const mark = market.markPrice
  if (mark === null) return all
  const perLot = mark.times(lotSize)
  for (const { notionalCap } of lowerBrackets(instrument.brackets, perLot.times(all))) {
    const kept = dec(notionalCap).div(perLot).floor().toNumber()
    if (kept === 0) return all
    const left = perLot.times(kept)
    const fee = perLot.times(all).minus(left).times(liquidationFee)
    const needed = terms.otherMaintenance.plus(maintenanceMargin(instrument.brackets, left))
    if (terms.margin.minus(fee).gte(needed)) return all - kept
  }
  return all
}
