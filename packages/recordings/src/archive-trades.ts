import type { Instrument } from '@tapedeck/contracts'
import type { TradeEvent } from '@tapedeck/core'
import { archiveColumns } from './archive-columns.ts'

/** Prints that are given out together. */
const CHUNK_EVENTS = 10_000

/** Reads aggTrades and trades of Binance's archives, as `archiveColumns` does, as events. */
export async function* archiveTrades(
  files: readonly string[],
  instrument: Instrument,
): AsyncGenerator<readonly TradeEvent[], void, undefined> {
  const { symbol } = instrument
  for await (const columns of archiveColumns(files, instrument))
    for (let from = 0; from < columns.count; from += CHUNK_EVENTS) {
      const events: TradeEvent[] = []
      for (let i = from; i < Math.min(columns.count, from + CHUNK_EVENTS); i++)
        events.push({
          kind: 'trade',
          symbol,
          id: columns.id[i]!,
          priceTicks: columns.priceTicks[i]!,
          quantityLots: columns.quantityLots[i]!,
          time: columns.time[i]!,
          maker: columns.maker[i] as 0 | 1,
          excluded: false,
        })
      yield events
    }
}
