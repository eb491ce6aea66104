import type { Instrument } from '@tapedeck/contracts'
import {
  dec,
  sizeOrder,
  stepsToDecimal,
  toNumber,
  type EnterOrder,
  type InstrumentGrid,
} from '@tapedeck/core'

/** What an entry is sized from. */
export type SizingInput = {
  readonly instrument: Instrument
  readonly grid: InstrumentGrid
  /** Price that the order is expected to meet. */
  readonly ticks: number
  readonly equity: number
  /** Notional of everything that is held, in the quote asset. */
  readonly exposure: number
  /** Lots of an opposite position that the order would close first: they need no money. */
  readonly closesLots: number
}

export type Sized =
  | { readonly lots: number }
  | { readonly refused: 'NO_SIZE' | 'INSUFFICIENT_MARGIN' }

const REFUSED_SIZE = { refused: 'NO_SIZE' } as const
const REFUSED_MARGIN = { refused: 'INSUFFICIENT_MARGIN' } as const

/** Lots that the account can still carry at the instrument's leverage. */
const affordable = (input: SizingInput, maxLeverage: number): number => {
  const { grid, ticks, equity, exposure, closesLots } = input
  const left = equity * maxLeverage - exposure
  // One part in a billion: buying all of the equity must not fail on the last bit of a float.
  const lots = Math.floor((left / (ticks * toNumber(grid.tickLot))) * (1 + 1e-9))
  return Math.max(0, lots) + 2 * closesLots
}

const byRisk = (
  input: SizingInput,
  order: EnterOrder,
  riskPercent: number,
  maxLeverage: number,
): Sized => {
  const { instrument, grid, ticks, equity } = input
  if (order.stopTicks === null || !(equity > 0)) return REFUSED_SIZE
  const size = sizeOrder(
    {
      equity: dec(equity),
      entry: dec(stepsToDecimal(ticks, grid.tick)),
      stop: dec(stepsToDecimal(order.stopTicks, grid.tick)),
      grade: 'A',
      risk_multiplier: 1,
      model_multiplier: 1,
    },
    {
      base_risk_percent: riskPercent,
      grade_multipliers: { A: 1, B: 1, C: 1 },
      max_leverage: maxLeverage,
      min_position_quote: 0,
    },
    instrument,
  )
  if (size === null) return REFUSED_SIZE
  const wanted = Math.round(toNumber(size.quantity.div(dec(instrument.lot_size))))
  const lots = Math.min(wanted, affordable(input, maxLeverage))
  if (lots > 0) return { lots }
  return wanted > 0 ? REFUSED_MARGIN : REFUSED_SIZE
}

/**
 * Lots of an entry, or why there are none. What is sized in R is cut to what the account can carry; lots
 * and amounts that were asked for outright are refused when it cannot.
 */
export const sizeEntry = (order: EnterOrder, input: SizingInput): Sized => {
  const { size } = order
  const most = input.instrument.max_leverage
  if ('riskPercent' in size)
    return byRisk(input, order, size.riskPercent, Math.min(size.maxLeverage ?? most, most))
  const lots =
    'lots' in size
      ? size.lots
      : Math[size.rounding === 'floor' ? 'floor' : 'round'](
          size.quote / (input.ticks * toNumber(input.grid.tickLot)),
        )
  if (!(lots > 0)) return REFUSED_SIZE
  return lots <= affordable(input, most) ? { lots } : REFUSED_MARGIN
}
