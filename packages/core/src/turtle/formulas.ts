/**
 * The turtle's arithmetic, each step from named inputs to named outputs with its calculation as text.
 * Decisions are made by these functions and verified by calling them again on what was recorded.
 * Prices and money in the quote asset, as float64, in the order that is written here.
 */

export type Direction = 'LONG' | 'SHORT'
export type TurtleSystem = 'S1' | 'S2'

const sign = (direction: Direction): 1 | -1 => (direction === 'LONG' ? 1 : -1)
const op = (direction: Direction, towards: 'with' | 'against'): '+' | '-' =>
  (direction === 'LONG') === (towards === 'with') ? '+' : '-'

export type NInput = {
  readonly period: number
  readonly prev_n: number
  readonly true_range: number
}

/** Rule 3: N after Wilder, ((period - 1) x previous + true range) / period. */
export const nOf = ({
  period,
  prev_n,
  true_range,
}: NInput): { value: number; calculation: string } => {
  const value = (prev_n * (period - 1) + true_range) / period
  return {
    value,
    calculation: `((${period - 1} × ${prev_n}) + ${true_range}) / ${period} = ${value}`,
  }
}

export type DrawdownInput = {
  readonly equity_actual: number
  readonly equity_high_water: number
  readonly threshold_percent: number
  readonly reduction_percent: number
}
export type Drawdown = DrawdownInput & {
  readonly current_percent: number
  readonly steps: number
  readonly triggered: boolean
  readonly equity_notional: number
  readonly calculation: string
}

/** Rule 5: each full `threshold` of drawdown from the peak cuts the equity that sizes are taken from. */
export const drawdownOf = (input: DrawdownInput): Drawdown => {
  const { equity_actual, equity_high_water, threshold_percent, reduction_percent } = input
  const lost = equity_high_water - equity_actual
  const current_percent = equity_high_water > 0 ? (lost / equity_high_water) * 100 : 0
  const steps = Math.max(0, Math.floor(current_percent / threshold_percent))
  const kept = (1 - reduction_percent / 100) ** steps
  const equity_notional = equity_actual * kept
  return {
    ...input,
    current_percent,
    steps,
    triggered: steps > 0,
    equity_notional,
    calculation: `${equity_actual} × (1 − ${reduction_percent} %)^${steps} = ${equity_notional}`,
  }
}

/** S1's five questions, and the rules that turn them into a size. */
export type SizingInput = {
  readonly price: number
  readonly n_value: number
  readonly equity_actual: number
  readonly equity_notional: number
  readonly system: TurtleSystem
  readonly direction: Direction
  readonly risk_percent: number
  readonly stop_multiplier: number
  readonly point_value: number
  readonly atr_period: number
  /** Smallest step of a quantity; 1 for shares. */
  readonly lot_size: number
}
export type Sizing = SizingInput & {
  readonly risk_dollars: number
  readonly dollar_volatility: number
  readonly raw_unit_size: number
  readonly lots: number
  readonly contracts: number
  readonly position_value: number
  readonly stop_distance: number
  readonly initial_stop: number
  readonly risk_per_contract: number
  readonly formula: string
  readonly calculation: string
}

/** A quantity of whole lots. A quotient of two decimals may lie a rounding error off: 12 digits decide. */
const lotsIn = (quantity: number, lot_size: number): number =>
  Math.max(0, Math.floor(Number((quantity / lot_size).toPrecision(12))))

const quantityOf = (lots: number, lot_size: number): number =>
  Number((lots * lot_size).toPrecision(12))

/** Rules 4 and 10: a unit, floored to the lot, and where its stop lies. */
export const sizeUnit = (input: SizingInput): Sizing => {
  const { price, n_value, equity_notional, risk_percent, point_value, lot_size } = input
  const risk_dollars = (equity_notional * risk_percent) / 100
  const dollar_volatility = n_value * point_value
  const raw_unit_size = dollar_volatility > 0 ? risk_dollars / dollar_volatility : 0
  const lots = lotsIn(raw_unit_size, lot_size)
  const contracts = quantityOf(lots, lot_size)
  const stop = stopOf({
    direction: input.direction,
    entry_price: price,
    n: n_value,
    stop_multiplier: input.stop_multiplier,
  })
  return {
    ...input,
    risk_dollars,
    dollar_volatility,
    raw_unit_size,
    lots,
    contracts,
    position_value: price * contracts * point_value,
    stop_distance: stop.distance,
    initial_stop: stop.price,
    risk_per_contract: stop.distance * point_value,
    formula:
      'contracts = floor to the lot of (equity_notional × risk_percent) / (n_value × point_value)',
    calculation: `(${equity_notional} × ${risk_percent} %) / (${n_value} × ${point_value}) = ${risk_dollars} / ${dollar_volatility} = ${raw_unit_size}, floored to the lot ${lot_size} = ${contracts}`,
  }
}

export type StopInput = {
  readonly direction: Direction
  readonly entry_price: number
  readonly n: number
  readonly stop_multiplier: number
}

/** Rule 10: the stop lies `stop_multiplier` N against the entry. */
export const stopOf = (
  input: StopInput,
): { distance: number; price: number; calculation: string } => {
  const { direction, entry_price, n, stop_multiplier } = input
  const distance = stop_multiplier * n
  const price = entry_price - sign(direction) * distance
  return {
    distance,
    price,
    calculation: `${entry_price} ${op(direction, 'against')} (${stop_multiplier} × ${n}) = ${price}`,
  }
}

export type TriggerInput = {
  readonly direction: Direction
  readonly last_entry_price: number
  readonly n_at_last_entry: number
  readonly pyramid_interval: number
}

/** Rule 11: the next unit is added `pyramid_interval` N beyond the last entry. */
export const triggerOf = (input: TriggerInput): { price: number; calculation: string } => {
  const { direction, last_entry_price, n_at_last_entry, pyramid_interval } = input
  const price = last_entry_price + sign(direction) * (pyramid_interval * n_at_last_entry)
  return {
    price,
    calculation: `${last_entry_price} ${op(direction, 'with')} (${pyramid_interval} × ${n_at_last_entry}) = ${price}`,
  }
}

export type MovedStopInput = StopInput & { readonly stop_before: number | null }

/** Rule 12: with a new unit all stops move to its stop, and never away from the price. */
export const movedStopOf = (
  input: MovedStopInput,
): { stop_after: number; moved_by: number | null; calculation: string } => {
  const { direction, stop_before } = input
  const fresh = stopOf(input)
  const tightest = direction === 'LONG' ? Math.max : Math.min
  const stop_after = stop_before === null ? fresh.price : tightest(stop_before, fresh.price)
  return {
    stop_after,
    moved_by: stop_before === null ? null : stop_after - stop_before,
    calculation:
      stop_after === fresh.price
        ? fresh.calculation
        : `${fresh.calculation}, looser than ${stop_before}: stays`,
  }
}

export type PnlInput = {
  readonly direction: Direction
  readonly entry_price: number
  readonly fill_price: number
  readonly contracts: number
  readonly point_value: number
  readonly commission: number
  readonly n: number
}
export type Pnl = {
  readonly gross_pnl: number
  readonly net_pnl: number
  readonly pnl_percent: number
  readonly pnl_in_n: number | null
  readonly calculation: string
}

/** What an exit made, in money, percent of the position and N per contract. */
export const pnlOf = (input: PnlInput): Pnl => {
  const { direction, entry_price, fill_price, contracts, point_value, commission, n } = input
  // Plus zero: JSON knows no -0.
  const gross_pnl = sign(direction) * (fill_price - entry_price) * contracts * point_value + 0
  const net_pnl = gross_pnl - commission
  const value = entry_price * contracts * point_value
  const volatility = n * contracts * point_value
  const [from, to] = direction === 'LONG' ? [fill_price, entry_price] : [entry_price, fill_price]
  return {
    gross_pnl,
    net_pnl,
    pnl_percent: value > 0 ? (net_pnl / value) * 100 : 0,
    pnl_in_n: volatility > 0 ? net_pnl / volatility : null,
    calculation: `(${from} − ${to}) × ${contracts} × ${point_value} = ${gross_pnl}, − ${commission} = ${net_pnl}`,
  }
}
