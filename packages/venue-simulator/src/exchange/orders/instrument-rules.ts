import { dec, decimalToSteps, parseStep, type Dec, type Step } from '@tapedeck/core'
import type { ExchangeInstrument } from '../exchange-instrument.ts'

/** An instrument's numbers parsed once: whole ticks and lots where orders are checked, decimals for money. */
export type InstrumentRules = {
  readonly instrument: ExchangeInstrument
  readonly symbol: string
  readonly tick: Step
  readonly lot: Step
  readonly lotSize: Dec
  readonly tickSize: Dec
  /** Quote value of one tick times one lot. */
  readonly tickLot: Dec
  readonly minTicks: number
  readonly maxTicks: number
  readonly minLots: number
  readonly maxLots: number
  readonly marketMinLots: number
  readonly marketMaxLots: number
  readonly minNotional: Dec
  /** The least notional, in whole ticks times lots. */
  readonly minTickLots: number
  readonly multiplierUp: Dec
  readonly multiplierDown: Dec
  readonly marketTakeBound: Dec
  readonly triggerProtect: Dec
  readonly liquidationFee: Dec
}

const steps = (field: string, text: string, step: Step): number => {
  const count = decimalToSteps(text, step)
  if (count === null || count < 0)
    throw new RangeError(`instrument ${field} ${text}: expected a multiple of its step`)
  return count
}

/** Throws a RangeError on numbers that do not fit together: an exchange does not start with them. */
export const rulesOf = (instrument: ExchangeInstrument): InstrumentRules => {
  const tick = parseStep(instrument.tickSize)
  const lot = parseStep(instrument.stepSize)
  const tickLot = dec(instrument.tickSize).times(instrument.stepSize)
  if (instrument.brackets.length === 0)
    throw new RangeError(`instrument ${instrument.symbol}: expected at least one leverage bracket`)
  return {
    instrument,
    symbol: instrument.symbol,
    tick,
    lot,
    lotSize: dec(instrument.stepSize),
    tickSize: dec(instrument.tickSize),
    tickLot,
    minTicks: Math.max(1, steps('minPrice', instrument.minPrice, tick)),
    maxTicks: steps('maxPrice', instrument.maxPrice, tick),
    minLots: Math.max(1, steps('minQuantity', instrument.minQuantity, lot)),
    maxLots: steps('maxQuantity', instrument.maxQuantity, lot),
    marketMinLots: Math.max(1, steps('marketMinQuantity', instrument.marketMinQuantity, lot)),
    marketMaxLots: steps('marketMaxQuantity', instrument.marketMaxQuantity, lot),
    minNotional: dec(instrument.minNotional),
    minTickLots: dec(instrument.minNotional).div(tickLot).ceil().toNumber(),
    multiplierUp: dec(instrument.multiplierUp),
    multiplierDown: dec(instrument.multiplierDown),
    marketTakeBound: dec(instrument.marketTakeBound),
    triggerProtect: dec(instrument.triggerProtect),
    liquidationFee: dec(instrument.liquidationFee),
  }
}
