import type { Depth, Trades } from './market-data/messages.ts'
import { PositiveDecimalString, Symbol, Venue } from './values/scalars.ts'

/**
 * Columns are checked by length, type and order, not by zod: zod costs about 30 ns an element, and a
 * busy tape has millions. Each check returns null when all is well, else one sentence.
 */

const integers = (name: string, column: unknown, length: number): string | null => {
  if (!Array.isArray(column)) return `${name} is not an array`
  if (column.length !== length) return `${name} has ${column.length} values, expected ${length}`
  for (let i = 0; i < length; i++)
    if (!Number.isSafeInteger(column[i]))
      return `${name}[${i}] is ${String(column[i])}, expected an integer`
  return null
}

const first = (...problems: readonly (string | null)[]): string | null =>
  problems.find((problem) => problem !== null) ?? null

const natural = (name: string, value: unknown): string | null =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? null
    : `${name} is ${String(value)}, expected an integer of at least 0`

/** What every column payload starts with: where it trades, and the grid that its integers count in. */
const header = (payload: Trades | Depth): string | null => {
  if (!Venue.safeParse(payload.venue).success || !Symbol.safeParse(payload.symbol).success)
    return 'venue or symbol is missing or malformed'
  return PositiveDecimalString.safeParse(payload.tick_size).success &&
    PositiveDecimalString.safeParse(payload.lot_size).success
    ? null
    : 'tick_size or lot_size is not a decimal above zero'
}

/** Positions in the columns, rising, each of an existing row. */
const excludedRows = (excluded: unknown, rows: number): string | null => {
  if (!Array.isArray(excluded)) return 'excluded is not an array'
  for (let i = 0, before = -1; i < excluded.length; i++) {
    const row: unknown = excluded[i]
    if (!Number.isSafeInteger(row) || (row as number) <= before || (row as number) >= rows)
      return `excluded[${i}] is ${String(row)}, expected a row below ${rows}, in rising order`
    before = row as number
  }
  return null
}

const rising = (batch: Trades): string | null => {
  for (let i = 0; i < batch.id.length; i++) {
    if (i > 0 && batch.id[i]! <= batch.id[i - 1]!) return `id[${i}] does not rise`
    if (i > 0 && batch.time[i]! < batch.time[i - 1]!) return `time[${i}] falls`
    if (batch.price_ticks[i]! <= 0) return `price_ticks[${i}] is not positive`
    if (batch.quantity_lots[i]! <= 0) return `quantity_lots[${i}] is not positive`
    if (batch.maker[i] !== 0 && batch.maker[i] !== 1) return `maker[${i}] is neither 0 nor 1`
  }
  return null
}

/** One batch of prints: see `Trades` for what holds between the columns. */
export const checkTrades = (payload: unknown): string | null => {
  const batch = payload as Trades
  const rows = Array.isArray(batch.id) ? batch.id.length : 0
  if (rows === 0) return 'id has no values'
  const shape = first(
    header(batch),
    integers('id', batch.id, rows),
    integers('price_ticks', batch.price_ticks, rows),
    integers('quantity_lots', batch.quantity_lots, rows),
    integers('time', batch.time, rows),
    integers('maker', batch.maker, rows),
    excludedRows(batch.excluded, rows),
    natural('gap', batch.gap),
  )
  if (shape !== null) return shape
  if (batch.first_id !== batch.id[0] || batch.last_id !== batch.id[rows - 1])
    return 'first_id and last_id do not frame the ids'
  return first(natural('id[0]', batch.id[0]), natural('time[0]', batch.time[0]), rising(batch))
}

const levels = (side: 'bid' | 'ask', ticks: readonly number[], lots: readonly number[]) => {
  for (let i = 0; i < ticks.length; i++) {
    if (ticks[i]! <= 0) return `${side}_ticks[${i}] is not positive`
    if (lots[i]! < 0) return `${side}_lots[${i}] is negative`
  }
  return null
}

/** One change of a book, or all of it: see `Depth`. */
export const checkDepth = (payload: unknown): string | null => {
  const depth = payload as Depth
  const bids = Array.isArray(depth.bid_ticks) ? depth.bid_ticks.length : 0
  const asks = Array.isArray(depth.ask_ticks) ? depth.ask_ticks.length : 0
  const shape = first(
    header(depth),
    integers('bid_ticks', depth.bid_ticks, bids),
    integers('bid_lots', depth.bid_lots, bids),
    integers('ask_ticks', depth.ask_ticks, asks),
    integers('ask_lots', depth.ask_lots, asks),
    natural('time', depth.time),
    Number.isSafeInteger(depth.first_update_id) ? null : 'first_update_id is not an integer',
    Number.isSafeInteger(depth.last_update_id) ? null : 'last_update_id is not an integer',
    typeof depth.snapshot === 'boolean' ? null : 'snapshot is not a boolean',
  )
  if (shape !== null) return shape
  return first(
    levels('bid', depth.bid_ticks, depth.bid_lots),
    levels('ask', depth.ask_ticks, depth.ask_lots),
  )
}
