import type { TradeEvent } from '@tapedeck/core'
import type { TapeReader, TradeChunk } from '../tape/tape-chunk.ts'
import type { Cut } from './subject.ts'

/**
 * A cut on a tape: everything at or past `order` is the future. No print is at `at` itself. By `settled` every symbol
 * has printed again, or is silent for longer than prints lag.
 */
export type TapeCut = Cut & { readonly order: number; readonly settled: number }

/**
 * How far prints may lag behind each other: those that are later are not cut across. A symbol that is silent for so
 * long after a cut ends nothing that was open at it.
 */
export const LAG_MS = 15_000

export const rowAfter = (order: Float64Array, count: number, limit: number): number => {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (order[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

export const tradeAt = (chunk: TradeChunk, row: number): TradeEvent => ({
  kind: 'trade',
  symbol: chunk.symbol,
  id: chunk.id[row]!,
  priceTicks: chunk.priceTicks[row]!,
  quantityLots: chunk.quantityLots[row]!,
  time: chunk.time[row]!,
  maker: chunk.maker[row] === 1 ? 1 : 0,
  excluded: chunk.excluded?.[row] === 1,
})

/** Can it be measured? Prints that are not on the grid come as 0. */
export const isUsable = ({ priceTicks, quantityLots }: TradeEvent): boolean =>
  priceTicks > 0 && quantityLots > 0

/** The first print of a symbol at or past a moment, and the first that is measured, or null at its end. */
type FirstPrints = {
  readonly order: number
  readonly counted: { readonly order: number; readonly time: number } | null
}

/** Looks for a print that is measured no further than `LAG_MS`: behind that, none is missed. */
const firstFrom = async (
  tape: TapeReader,
  symbol: string,
  from: number,
): Promise<FirstPrints | null> => {
  let order: number | null = null
  let lastId = await lastIdBefore(tape, symbol, from)
  for await (const chunk of tape.trades(symbol, { from }))
    for (let row = 0; row < chunk.count; row++) {
      const print = tradeAt(chunk, row)
      order ??= chunk.order[row]!
      if (print.time > from + LAG_MS) return { order, counted: null }
      const isNew = print.id > lastId
      if (isNew) lastId = print.id
      if (isNew && isUsable(print) && !print.excluded)
        return { order, counted: { order: chunk.order[row]!, time: print.time } }
    }
  return order === null ? null : { order, counted: null }
}

const lastIdBefore = async (tape: TapeReader, symbol: string, to: number): Promise<number> => {
  let last = -1
  for await (const chunk of tape.trades(symbol, { from: Math.max(tape.from, to - 3_600_000), to }))
    for (let row = 0; row < chunk.count; row++) last = Math.max(last, chunk.id[row]!)
  return last
}

/** Is a print from before `at` placed at or past `order`, or one at `at` itself? Then nothing can be cut cleanly. */
const straddles = async (
  tape: TapeReader,
  symbol: string,
  at: number,
  order: number,
): Promise<boolean> => {
  for await (const chunk of tape.trades(symbol, { from: at - LAG_MS, to: at + LAG_MS }))
    for (let row = 0; row < chunk.count; row++)
      if (chunk.time[row] === at || (chunk.time[row]! < at && chunk.order[row]! >= order))
        return true
  return false
}

/** Boundaries at which lockstep ends a step. */
const STEP_MS = 15_000

/**
 * The cut at a moment, or null where none is clean or nothing follows. The step in which the tape ends is not cut: its
 * end came with the data's, and what was asked in it was answered then.
 */
export const tapeCutAt = async (tape: TapeReader, at: number): Promise<TapeCut | null> => {
  if (at > tape.to - (tape.to % STEP_MS)) return null
  const symbols = tape.instruments.map(({ symbol }) => symbol)
  const firsts = await Promise.all(symbols.map((symbol) => firstFrom(tape, symbol, at)))
  const order = firsts.reduce((least, one) => Math.min(least, one?.order ?? Infinity), Infinity)
  if (order === Infinity || at <= tape.from) return null
  for (const symbol of symbols) if (await straddles(tape, symbol, at, order)) return null
  const settled = firsts.reduce((most, one) => Math.max(most, one?.counted?.order ?? most), order)
  return { at, order, settled }
}
