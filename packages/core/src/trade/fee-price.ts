import type { ExecutionConfig } from '@tapedeck/contracts'
import { dec, type Dec } from '../decimal/index.ts'
import type { InstrumentDesk } from './instrument-desk.ts'

/** The price of an asset in another: the last mark of such an instrument on the tape, else as configured, else null. */
export const feePrice = (
  desks: ReadonlyMap<string, InstrumentDesk>,
  { fee_prices: configured }: Pick<ExecutionConfig, 'fee_prices'>,
  asset: string,
  quote: string,
): Dec | null => {
  for (const { grid, markPrice } of desks.values())
    if (grid.baseAsset === asset && grid.quoteAsset === quote && markPrice !== null)
      return dec(markPrice)
  const price = configured?.[asset]
  return price === undefined ? null : dec(price)
}
