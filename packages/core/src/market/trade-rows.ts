import type { TradeEvent } from './market-event.ts'
import type { TradeBatch } from './trade-batch.ts'
import { JUMP_FRACTION } from './trade-continuity.ts'

/** Prints in columns, as a source in memory has them. Row `i` of every column belongs together. */
export type TradeRows = {
  readonly id: Float64Array
  readonly priceTicks: Float64Array
  readonly quantityLots: Float64Array
  /** Event time in ms. */
  readonly time: Float64Array
  /** 1 when the buyer was the maker. */
  readonly maker: Uint8Array
  /** 1 for prints that measure nothing; null when there are none. */
  readonly excluded: Uint8Array | null
}

/** A row as the event that it is. */
export const tradeOf = (symbol: string, rows: TradeRows, row: number): TradeEvent => ({
  kind: 'trade',
  symbol,
  id: rows.id[row]!,
  priceTicks: rows.priceTicks[row]!,
  quantityLots: rows.quantityLots[row]!,
  time: rows.time[row]!,
  maker: rows.maker[row] === 1 ? 1 : 0,
  excluded: rows.excluded?.[row] === 1,
})

const isWhole = (value: number): boolean =>
  value > 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value

/**
 * Copies rows to the end of a batch for as long as ids follow `first.id`, times lie from `first.time` up to
 * `first.end`, prices do not jump and nothing is excluded. Returns the first row that was not copied.
 * The loop of the hot path: nothing is allocated.
 */
export const copyPlain = (
  rows: TradeRows,
  from: number,
  to: number,
  batch: TradeBatch,
  first: {
    readonly id: number
    readonly price: number
    readonly time: number
    readonly end: number
  },
): number => {
  const { id: ids, priceTicks, quantityLots, time: times, maker, excluded } = rows
  const { id: idsOut, price: priceOut, lots: lotsOut, time: timeOut, maker: makerOut } = batch
  const { end } = first
  let { id, price, time } = first
  let at = batch.end
  let row = from
  for (; row < to; row++, id++, at++) {
    const ticks = priceTicks[row]!
    const lots = quantityLots[row]!
    const then = times[row]!
    if (ids[row] !== id || !(then >= time && then < end) || Math.floor(then) !== then) break
    if (!isWhole(ticks) || !isWhole(lots) || Math.abs(ticks - price) > price * JUMP_FRACTION) break
    if (excluded !== null && excluded[row] === 1) break
    idsOut[at] = id
    priceOut[at] = ticks
    lotsOut[at] = lots
    timeOut[at] = then
    makerOut[at] = maker[row]!
    price = ticks
    time = then
  }
  return row
}
