import type { TapeReader, TradeChunk } from '@tapedeck/backtest'
import type { Instrument } from '@tapedeck/contracts'
import { DAY_MS, type TradeColumns } from './day-of-trades.ts'

const CHUNK_ROWS = 65_536

/**
 * A tape as long as one likes from one day of prints: each day follows the one before, with ids and times
 * that go on and prices that repeat. In the memory of one day and one chunk, so that what grows with the
 * tape shows.
 */
export const repeatedDay = (
  instrument: Instrument,
  day: TradeColumns,
  days: number,
  startTime: number,
): TapeReader => {
  const rows = day.id.length
  async function* trades(symbol: string): AsyncGenerator<TradeChunk, void, undefined> {
    const [order, id, time] = [0, 1, 2].map(() => new Float64Array(CHUNK_ROWS)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    for (let nth = 0; nth < days; nth++)
      for (let from = 0; from < rows; from += CHUNK_ROWS) {
        const count = Math.min(CHUNK_ROWS, rows - from)
        for (let i = 0; i < count; i++) {
          id[i] = nth * rows + from + i + 1
          order[i] = id[i]!
          time[i] = day.time[from + i]! + nth * DAY_MS
        }
        yield {
          symbol,
          count,
          order,
          id,
          priceTicks: day.priceTicks.subarray(from, from + count),
          quantityLots: day.quantityLots.subarray(from, from + count),
          time,
          maker: day.maker.subarray(from, from + count),
          excluded: null,
        }
        await Promise.resolve()
      }
  }
  return {
    instruments: [instrument],
    from: startTime,
    to: startTime + days * DAY_MS,
    fingerprint: `generated-${rows}-${days}`.padEnd(64, '0'),
    trades,
    // oxlint-disable-next-line require-yield
    async *events() {
      await Promise.resolve()
    },
  }
}
