import type { MarketEvent } from '@tapedeck/core'
import type { TapeReader, TimeRange } from './tape-chunk.ts'

/** Everything of a tape as market events, in the order of its source. */
export const playTape = async (tape: TapeReader, range?: TimeRange): Promise<MarketEvent[]> => {
  const placed: { order: number; event: MarketEvent }[] = []
  for (const { symbol } of tape.instruments) {
    for await (const chunk of tape.trades(symbol, range))
      for (let i = 0; i < chunk.count; i++)
        placed.push({
          order: chunk.order[i]!,
          event: {
            kind: 'trade',
            symbol,
            id: chunk.id[i]!,
            priceTicks: chunk.priceTicks[i]!,
            quantityLots: chunk.quantityLots[i]!,
            time: chunk.time[i]!,
            maker: chunk.maker[i] as 0 | 1,
            excluded: chunk.excluded?.[i] === 1,
          },
        })
    for await (const { order, events } of tape.events(symbol, range))
      events.forEach((event, i) => placed.push({ order: order[i]!, event }))
  }
  return placed.toSorted((a, b) => a.order - b.order).map(({ event }) => event)
}
