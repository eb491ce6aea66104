import { dec } from '../decimal/index.ts'
import { stepsToDecimal } from '../market/index.ts'
import type { InstrumentGrid } from '../order/index.ts'
import type { PositionFill } from '../position/index.ts'
import type { OtherFee } from './other-fee.ts'

/** A fill in decimals, from whole ticks and lots. A fee in another asset counts with its value, if it has one. */
export const toPositionFill = (
  grid: InstrumentGrid,
  side: 'BUY' | 'SELL',
  lots: number,
  ticks: number,
  fee: string,
  otherFee?: OtherFee,
): PositionFill => ({
  side,
  quantity: dec(stepsToDecimal(lots, grid.lot)),
  price: dec(stepsToDecimal(ticks, grid.tick)),
  fee: dec(otherFee === undefined ? fee : (otherFee.value ?? '0')),
  feeIsElsewhere: otherFee !== undefined,
})
