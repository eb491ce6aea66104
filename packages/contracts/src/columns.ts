import type { Depth, Trades } from './market-data/messages.ts'

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

export const checkTrades = (payload: unknown): string | null => {
  const batch = payload as Trades
  const rows = Array.isArray(batch.id) ? batch.id.length : 0
  if (rows === 0) return 'id has no values'
  const shape = first(
    integers('id', batch.id, rows),
    integers('price_ticks', batch.price_ticks, rows),
    integers('quantity_lots', batch.quantity_lots, rows),
    integers('time', batch.time, rows),
    integers('maker', batch.maker, rows),
    typeof batch.symbol === 'string' && typeof batch.venue === 'string'
      ? null
      : 'venue or symbol is missing',
    Array.isArray(batch.excluded) && batch.excluded.every((row) => row >= 0 && row < rows)
      ? null
      : 'excluded names rows that do not exist',
  )
  if (shape !== null) return shape
  if (batch.first_id !== batch.id[0] || batch.last_id !== batch.id[rows - 1])
    return 'first_id and last_id do not frame the ids'
  return rising(batch)
}

export const checkDepth = (payload: unknown): string | null => {
  const depth = payload as Depth
  const bids = Array.isArray(depth.bid_ticks) ? depth.bid_ticks.length : 0
  const asks = Array.isArray(depth.ask_ticks) ? depth.ask_ticks.length : 0
  const shape = first(
    integers('bid_ticks', depth.bid_ticks, bids),
    integers('bid_lots', depth.bid_lots, bids),
    integers('ask_ticks', depth.ask_ticks, asks),
    integers('ask_lots', depth.ask_lots, asks),
    Number.isSafeInteger(depth.time) ? null : 'time is not an integer',
    Number.isSafeInteger(depth.last_update_id) ? null : 'last_update_id is not an integer',
    typeof depth.symbol === 'string' && typeof depth.venue === 'string'
      ? null
      : 'venue or symbol is missing',
    typeof depth.snapshot === 'boolean' ? null : 'snapshot is not a boolean',
  )
  if (shape !== null) return shape
  const negative =
    depth.bid_lots.some((lots) => lots < 0) || depth.ask_lots.some((lots) => lots < 0)
  return negative ? 'a level has a negative quantity' : null
}
