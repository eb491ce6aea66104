import type { PositionSide, Side } from '@tapedeck/contracts'
import { ZERO, dec, type Dec } from '../decimal/index.ts'

/**
 * A netted position as a ledger of decimals. `cost` is the signed quote value at which the open
 * quantity was entered (positive when long), so that nothing is lost to a rounded average price:
 * `realizedPnl = cash received - cash paid + cost`, exactly, after any sequence of fills.
 */
export type Position = {
  /** Signed: positive long, negative short, zero flat. */
  readonly quantity: Dec
  readonly cost: Dec
  /** Gross: before fees and funding. */
  readonly realizedPnl: Dec
  /** Paid; negative when rebates outweigh. */
  readonly fees: Dec
  /** Of `fees`: the value of what was paid in another asset, and never left this wallet. */
  readonly feesElsewhere: Dec
  /** Received; negative when paid. */
  readonly funding: Dec
}

export type PositionFill = {
  readonly side: Side
  readonly quantity: Dec
  readonly price: Dec
  readonly fee: Dec
  /** The fee was paid in another asset: `fee` is its value. */
  readonly feeIsElsewhere?: boolean
}

/** Where the cost of a partial close does not divide evenly: far below any quote asset's unit. */
const COST_PLACES = 16

export const FLAT: Position = {
  quantity: ZERO,
  cost: ZERO,
  realizedPnl: ZERO,
  fees: ZERO,
  feesElsewhere: ZERO,
  funding: ZERO,
}

const closing = (position: Position, signed: Dec, price: Dec): Position => {
  const open = position.quantity
  const closes = signed.abs().gte(open.abs()) ? open.neg() : signed
  const wholly = closes.abs().eq(open.abs())
  const released = wholly
    ? position.cost
    : position.cost.times(closes.abs()).div(open.abs()).toDecimalPlaces(COST_PLACES)
  const rest = signed.minus(closes)
  return {
    ...position,
    quantity: open.plus(signed),
    cost: position.cost.minus(released).plus(rest.times(price)),
    realizedPnl: position.realizedPnl.minus(closes.times(price)).minus(released),
  }
}

/**
 * The position after a fill. Same direction adds, the opposite direction closes first (average cost)
 * and opens the other side with what is left. Throws a RangeError on a quantity that is not positive.
 */
export const applyFill = (position: Position, fill: PositionFill): Position => {
  if (fill.quantity.lte(0))
    throw new RangeError(`fill of ${fill.quantity.toString()}: expected a positive quantity`)
  const signed = fill.side === 'BUY' ? fill.quantity : fill.quantity.neg()
  const elsewhere = fill.feeIsElsewhere === true ? fill.fee : ZERO
  const paid = {
    fees: position.fees.plus(fill.fee),
    feesElsewhere: position.feesElsewhere.plus(elsewhere),
  }
  const opens = position.quantity.isZero() || position.quantity.gt(0) === signed.gt(0)
  if (!opens) return { ...closing(position, signed, fill.price), ...paid }
  return {
    ...position,
    quantity: position.quantity.plus(signed),
    cost: position.cost.plus(signed.times(fill.price)),
    ...paid,
  }
}

/** The position after a funding payment: positive was received, negative was paid. */
export const applyFunding = (position: Position, amount: Dec): Position => ({
  ...position,
  funding: position.funding.plus(amount),
})

/** What funding brings a holder of `quantity` (signed): longs pay a positive rate. 8 decimals. */
export const fundingPayment = (quantity: Dec, markPrice: Dec, rate: Dec): Dec =>
  quantity.times(markPrice).times(rate).neg().toDecimalPlaces(8)

export const sideOf = (position: Position): PositionSide => {
  if (position.quantity.isZero()) return 'FLAT'
  return position.quantity.gt(0) ? 'LONG' : 'SHORT'
}

/** Average entry price, or null when flat. May be rounded: display and messages only. */
export const averageEntry = (position: Position): Dec | null =>
  position.quantity.isZero() ? null : position.cost.div(position.quantity)

/** What closing at `price` would add to the realized P&L, before fees. */
export const unrealizedPnl = (position: Position, price: Dec): Dec =>
  position.quantity.times(price).minus(position.cost)

/** What the position has made so far, fees of whatever asset included. */
export const netPnl = (position: Position): Dec =>
  position.realizedPnl.minus(position.fees).plus(position.funding)

/** What the position has added to the wallet of its quote asset so far. */
export const walletChange = (position: Position): Dec =>
  netPnl(position).plus(position.feesElsewhere)

/** The position as JSON: decimal strings, exact. Absent where no fee was paid in another asset. */
export type PositionJson = { [K in Exclude<keyof Position, 'feesElsewhere'>]: string } & {
  feesElsewhere?: string
}

export const positionToJson = (position: Position): PositionJson => ({
  quantity: position.quantity.toString(),
  cost: position.cost.toString(),
  realizedPnl: position.realizedPnl.toString(),
  fees: position.fees.toString(),
  ...(position.feesElsewhere.isZero() ? {} : { feesElsewhere: position.feesElsewhere.toString() }),
  funding: position.funding.toString(),
})

export const positionFromJson = (json: PositionJson): Position => ({
  quantity: dec(json.quantity),
  cost: dec(json.cost),
  realizedPnl: dec(json.realizedPnl),
  fees: dec(json.fees),
  feesElsewhere: dec(json.feesElsewhere ?? '0'),
  funding: dec(json.funding),
})
