import type { Grade, Instrument, RiskConfig } from '@tapedeck/contracts'
import { ZERO, dec, floorToStep, minimum, toDecimalString, type Dec } from '../decimal/index.ts'

export type SizeConfig = Pick<
  RiskConfig,
  'base_risk_percent' | 'grade_multipliers' | 'max_leverage' | 'min_position_quote'
>

/** A size in float64, before any grid: quote units, percent, times equity. */
export type PositionSize = {
  readonly quantity: number
  readonly notional: number
  readonly risk_amount: number
  readonly risk_percent: number
  readonly leverage: number
}

/** Share of the base risk that a grade may take; nothing for INVALID. */
export const gradeMultiplier = (grade: Grade, config: SizeConfig): number =>
  grade === 'INVALID' ? 0 : config.grade_multipliers[grade]

/**
 * S3 §7.1 to the letter, in float64: for display and for comparison with its published answers.
 * `risk_percent` and `leverage` are those before the leverage cap, as there. Null when there is no
 * size: grade INVALID, no distance to the stop, or less than the smallest position. Orders are sized
 * by `sizeOrder`.
 */
export const sizePosition = (
  given: {
    readonly balance: number
    readonly entry: number
    readonly stop: number
    readonly grade: Grade
    readonly risk_multiplier: number
  },
  config: SizeConfig,
): PositionSize | null => {
  const distance = Math.abs(given.entry - given.stop) / given.entry
  if (given.grade === 'INVALID' || distance === 0) return null
  const percent =
    config.base_risk_percent * gradeMultiplier(given.grade, config) * given.risk_multiplier
  const budget = given.balance * (percent / 100)
  const leverage = budget / distance / given.balance
  const capped = leverage > config.max_leverage
  const notional = capped ? given.balance * config.max_leverage : budget / distance
  if (notional < config.min_position_quote) return null
  return {
    quantity: notional / given.entry,
    notional,
    risk_amount: capped ? notional * distance : budget,
    risk_percent: percent,
    leverage,
  }
}

/** What an order is sized from. Prices and equity in the quote asset. */
export type OrderSizeInput = {
  readonly equity: Dec
  readonly entry: Dec
  readonly stop: Dec
  readonly grade: Grade
  /** The sizing policy's, e.g. house money. */
  readonly risk_multiplier: number
  /** What the model's quality score does to the budget; 1 without a model. */
  readonly model_multiplier: number
}

/** An order on the lot grid, and every step on the way to it. Exact decimals. */
export type OrderSize = {
  readonly risk_percent: Dec
  readonly risk_budget: Dec
  readonly distance: Dec
  readonly max_leverage: Dec
  /** What the budget buys, before the leverage cap and the lot. */
  readonly wanted_quantity: Dec
  readonly capped_quantity: Dec
  readonly quantity: Dec
  readonly notional: Dec
  /** Loss at the stop for the floored quantity, fees aside: never more than the budget. */
  readonly risk_amount: Dec
  readonly leverage: Dec
  readonly calculation: string
}

const explain = (
  { equity, grade, entry, stop, risk_multiplier, model_multiplier }: OrderSizeInput,
  config: SizeConfig,
  size: Omit<OrderSize, 'calculation'>,
  lot: string,
): string => {
  const text = toDecimalString
  return [
    `risk % = ${config.base_risk_percent} base × ${gradeMultiplier(grade, config)} grade ${grade} × ${model_multiplier} model × ${risk_multiplier} multiplier = ${text(size.risk_percent)} %`,
    `risk budget = equity ${text(equity)} × ${text(size.risk_percent)} % = ${text(size.risk_budget)}`,
    `distance = |entry ${text(entry)} − stop ${text(stop)}| = ${text(size.distance)}`,
    `quantity = ${text(size.risk_budget)} / ${text(size.distance)} = ${text(size.wanted_quantity)}`,
    `leverage cap = ${text(equity)} × ${text(size.max_leverage)} / ${text(entry)} → ${text(size.capped_quantity)}`,
    `floored to the lot ${lot} = ${text(size.quantity)}`,
    `notional = ${text(size.quantity)} × ${text(entry)} = ${text(size.notional)}, ${text(size.leverage)} × equity`,
    `risk = ${text(size.quantity)} × ${text(size.distance)} = ${text(size.risk_amount)}`,
  ].join('\n')
}

/**
 * The order that S3 §7.1 asks for, as it can be placed. What may be risked comes first: base × grade ×
 * model × policy (house money), which scale the budget and are never capped by each other. Caps come
 * after: our leverage and the venue's, then the lot; risk, notional and leverage are those of what is left. Null when there is nothing to divide
 * by or to risk: no positive equity, no distance to the stop, grade INVALID. Minimums are the checks'.
 */
export const sizeOrder = (
  input: OrderSizeInput,
  config: SizeConfig,
  instrument: Pick<Instrument, 'lot_size' | 'max_leverage'>,
): OrderSize | null => {
  const { equity, entry, stop, grade, risk_multiplier, model_multiplier } = input
  const distance = entry.minus(stop).abs()
  if (grade === 'INVALID' || equity.lte(0) || entry.lte(0) || distance.isZero()) return null
  const risk_percent = dec(config.base_risk_percent)
    .times(gradeMultiplier(grade, config))
    .times(model_multiplier)
    .times(risk_multiplier)
  const risk_budget = equity.times(risk_percent).div(100)
  const max_leverage = minimum(dec(config.max_leverage), dec(instrument.max_leverage))
  const wanted_quantity = risk_budget.div(distance)
  const capped_quantity = minimum(wanted_quantity, equity.times(max_leverage).div(entry))
  const quantity = floorToStep(capped_quantity, instrument.lot_size)
  const notional = quantity.times(entry)
  const size = {
    risk_percent,
    risk_budget,
    distance,
    max_leverage,
    wanted_quantity,
    capped_quantity,
    quantity,
    notional,
    risk_amount: quantity.times(distance),
    leverage: quantity.isZero() ? ZERO : notional.div(equity),
  }
  return {
    ...size,
    calculation: explain(input, config, size, instrument.lot_size),
  }
}
