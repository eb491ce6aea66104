import { dec } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import type { PositionFill } from '../position/index.ts'

/** A fill in decimals, from whole ticks and lots. */
export const toPositionFill = (
  grid: InstrumentGrid,
  side: 'BUY' | 'SELL',
  lots: number,
  ticks: number,
  fee: string,
): PositionFill => ({
  side,
  quantity: dec(stepsToDecimal(lots, grid.lot)),
  price: dec(stepsToDecimal(ticks, grid.tick)),
  fee: dec(fee),
})
