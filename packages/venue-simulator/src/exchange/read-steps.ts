import { decimalToSteps, dec, type Step } from '@tapedeck/core'
import type { InstrumentRules } from './orders/instrument-rules.ts'
import { accept, refuse, type ExchangeResult } from './refusal.ts'

const PLAIN = /^-?\d{1,18}(\.\d{1,18})?$/

const digitsAfterPoint = (text: string): number =>
  (text.split('.')[1] ?? '').replace(/0+$/, '').length

/** A decimal of the wire as steps: malformed, too precise, not positive, off the grid; in that order. */
const readSteps = (
  field: string,
  text: string,
  step: Step,
  precision: number,
): ExchangeResult<{ readonly steps: number; readonly onGrid: boolean }> => {
  if (!PLAIN.test(text)) return refuse('PARAMETER_MALFORMED', `${field} '${text}': not a decimal`)
  if (digitsAfterPoint(text) > precision)
    return refuse('PRECISION_EXCEEDED', `${field} ${text}: at most ${precision} decimals`)
  const steps = decimalToSteps(text, step)
  if (steps !== null) return accept({ steps, onGrid: true })
  const nearest = dec(text).times(step.pow).div(step.mantissa).toNumber()
  return accept({ steps: nearest, onGrid: false })
}

/** A price in ticks, by PRICE_FILTER (binance-ccxt-facts §2.2). */
export const readPrice = (
  field: string,
  text: string,
  rules: InstrumentRules,
): ExchangeResult<number> => {
  const read = readSteps(field, text, rules.tick, rules.instrument.pricePrecision)
  if (!read.ok) return read
  const { steps, onGrid } = read.value
  const { minPrice, maxPrice, tickSize } = rules.instrument
  if (steps <= 0) return refuse('PRICE_NOT_POSITIVE', `${field} ${text}: expected above 0`)
  if (steps > rules.maxTicks) return refuse('PRICE_ABOVE_MAXIMUM', `${field} ${text}: ${maxPrice}`)
  if (steps < rules.minTicks) return refuse('PRICE_BELOW_MINIMUM', `${field} ${text}: ${minPrice}`)
  if (!onGrid) return refuse('PRICE_NOT_ON_TICK', `${field} ${text}: tick size ${tickSize}`)
  return accept(steps)
}

/** A quantity in lots, by LOT_SIZE, or MARKET_LOT_SIZE for what takes any price. */
export const readQuantity = (
  text: string,
  rules: InstrumentRules,
  atMarket: boolean,
): ExchangeResult<number> => {
  const { instrument } = rules
  const read = readSteps('quantity', text, rules.lot, instrument.quantityPrecision)
  if (!read.ok) return read
  const { steps, onGrid } = read.value
  const min = atMarket ? rules.marketMinLots : rules.minLots
  const max = atMarket ? rules.marketMaxLots : rules.maxLots
  const about = `quantity ${text}`
  if (steps <= 0) return refuse('QUANTITY_NOT_POSITIVE', `${about}: expected above 0`)
  if (steps < min) return refuse('QUANTITY_BELOW_MINIMUM', `${about}: at least ${min} steps`)
  if (steps > max) return refuse('QUANTITY_ABOVE_MAXIMUM', `${about}: at most ${max} steps`)
  if (!onGrid) return refuse('QUANTITY_NOT_ON_STEP', `${about}: step ${instrument.stepSize}`)
  return accept(steps)
}
