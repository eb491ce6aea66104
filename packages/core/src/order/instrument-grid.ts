import type { Instrument } from '@tapedeck/contracts'
import { dec, type Dec } from '../decimal/index.ts'
import { decimalToSteps, parseStep, type Step } from '../market/index.ts'

/** An instrument with its grids parsed once: what orders, fills and positions are converted by. */
export type InstrumentGrid = {
  readonly venue: string
  readonly symbol: string
  readonly baseAsset: string
  readonly quoteAsset: string
  readonly tickSize: string
  readonly lotSize: string
  readonly tick: Step
  readonly lot: Step
  readonly minLots: number
  readonly minNotional: Dec
  /** Quote value of one tick times one lot, exact. */
  readonly tickLot: Dec
}

/** Throws a RangeError when a step is not a positive decimal. */
export const gridOf = (instrument: Instrument): InstrumentGrid => {
  const tick = parseStep(instrument.tick_size)
  const lot = parseStep(instrument.lot_size)
  return {
    venue: instrument.venue,
    symbol: instrument.symbol,
    baseAsset: instrument.base_asset,
    quoteAsset: instrument.quote_asset,
    tickSize: instrument.tick_size,
    lotSize: instrument.lot_size,
    tick,
    lot,
    minLots: Math.max(1, decimalToSteps(instrument.min_quantity, lot) ?? 1),
    minNotional: dec(instrument.min_notional),
    tickLot: dec(instrument.tick_size).times(instrument.lot_size),
  }
}

/** Key of an instrument wherever several are kept together. */
export const instrumentKey = (venue: string, symbol: string): string => `${venue}|${symbol}`
